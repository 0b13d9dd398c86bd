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

/// What a rule's plan is made of.
pub(super) struct Parts {
    /// Which events its log source has.
    pub log_source: Expr,
    /// Which events of these it finds.
    pub condition: Expr,
    /// What of the events that asks for; the time is not among it.
    pub columns: Vec<ScanColumn>,
    /// The fields that it shows.
    pub fields: Vec<ScanColumn>,
}

impl Planner<'_> {
    /// What a rule looks for, with the columns that it names and `more`.
    pub(super) fn parts(&mut self, document: &Document, more: &[String]) -> Option<Parts> {
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
        let logs = self.logs.entry(wanted.text()).or_insert_with(|| (wanted.columns(view), wanted.sources(view)));
        let (mut columns, sources) = logs.clone();
        columns.extend(names.iter().map(|name| {
            let mut column = self.resolved(name);
            // Fields of other log sources would be read for nothing.
            column.bindings.retain(|(source, _)| sources.is_empty() || sources.contains(source));
            column
        }));
        if keywords {
            columns.extend(fields::text_columns(view));
        }
        let fields = shown.iter().map(|name| self.resolved(name)).collect();
        Some(Parts { log_source: wanted.condition(), condition: condition?, columns, fields })
    }

    /// The events that a rule finds, with the columns it names and `more`.
    pub(super) fn matching(&mut self, document: &Document, more: &[String]) -> Option<Matching> {
        let Parts { log_source, condition, columns, fields } = self.parts(document, more)?;
        let condition = log_source.and(condition);
        let scan = EventScan::new(std::iter::once(self.resolved(TIME)).chain(columns));
        let built = scan.into_plan().and_then(|plan| LogicalPlanBuilder::from(plan).filter(condition)?.build());
        let plan = self.built(built, document.title.span)?;
        Some(Matching { plan, fields })
    }

    /// A rule's result: the time of each event and the fields that the rule names.
    pub(super) fn rule_rows(&mut self, document: &Document) -> Option<Rows> {
        let matching = self.matching(document, &[])?;
        let built = Rows::of_events(document.title.node.clone(), matching);
        self.built(built, document.title.span)
    }
}
