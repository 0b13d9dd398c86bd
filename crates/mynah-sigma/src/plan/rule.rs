//! A rule's rows.
use super::Planner;
use super::fields::{self, TIME};
use super::output::Rows;
use crate::ast::{Body, Document};
use crate::log_source::Wanted;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_view::{EventScan, ScanColumn};

/// A rule's events: a scan and the condition on it.
pub(super) struct Matching {
    pub plan: LogicalPlan,
    /// The fields that it names, as columns.
    pub fields: Vec<ScanColumn>,
}

impl Planner<'_> {
    /// The events that a rule finds, with the columns it names and `more`.
    pub(super) fn matching(&mut self, document: &Document, more: &[String]) -> Option<Matching> {
        let Body::Rule(rule) = &document.body else { return None };
        let mut condition = self.detections(&rule.detections);
        let (mut names, mut keywords) = fields::named(&rule.detections);
        let own: Vec<String> = document.fields.iter().map(|name| name.node.clone()).collect();
        let shown = if own.is_empty() { names.clone() } else { own.clone() };
        for filter in self.filters_of(document) {
            let narrowed = self.detections(&filter.detections);
            condition = condition.zip(narrowed).map(|(condition, narrowed)| condition.and(narrowed));
            let (more, more_keywords) = fields::named(&filter.detections);
            names.extend(more);
            keywords |= more_keywords;
        }
        names.extend(more.iter().cloned());
        names.extend(own);
        let view = self.context.view;
        let wanted = Wanted::of(&rule.log_source);
        let mut columns = vec![view.resolve(TIME).column];
        columns.extend(wanted.columns(view));
        let sources = wanted.sources(view);
        columns.extend(names.iter().map(|name| {
            let mut column = view.resolve(name).column;
            // Fields of other log sources would be read for nothing.
            column.bindings.retain(|(source, _)| sources.is_empty() || sources.contains(source));
            column
        }));
        if keywords {
            columns.extend([fields::raw_column(view), fields::document_column(view)]);
        }
        let condition: Expr = wanted.condition().and(condition?);
        let scan = EventScan::new(columns);
        let built = scan.into_plan().and_then(|plan| LogicalPlanBuilder::from(plan).filter(condition)?.build());
        let plan = self.built(built, document.title.span)?;
        Some(Matching { plan, fields: shown.iter().map(|name| view.resolve(name).column).collect() })
    }

    /// A rule's result: the time of each event and the fields that the rule names.
    pub(super) fn rule_rows(&mut self, document: &Document) -> Option<Rows> {
        let matching = self.matching(document, &[])?;
        let built = Rows::of_events(document.title.node.clone(), matching);
        self.built(built, document.title.span)
    }
}
