//! A rule's rows.
use super::fields::{self, TIME, plain_name};
use super::output::Rows;
use super::{Planner, filters};
use crate::document::Content;
use crate::log_source::Wanted;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_syntax::Span;
use mynah_view::{EventScan, ScanColumn};
use rsigma_parser::SigmaRule;

/// A rule's events: a scan and the condition on it.
pub(super) struct Matching {
    pub plan: LogicalPlan,
    /// The fields that it names, as columns.
    pub fields: Vec<ScanColumn>,
}

impl Planner<'_> {
    /// The events that a rule finds, with the columns it names and `more`.
    pub(super) fn matching(&mut self, index: usize, more: &[String]) -> Option<Matching> {
        let documents = self.documents;
        let document = documents.get(index)?;
        let Content::Rule(rule) = &document.content else { return None };
        let place = document.outline.root().key("detection");
        let mut condition = self.detections(&rule.detection, place)?;
        let (mut names, mut keywords) = fields::named(&rule.detection, place);
        let shown = names.clone();
        for filter in filters(documents, document) {
            let Content::Filter(content) = &filter.content else { continue };
            let place = filter.outline.root().key("filter");
            condition = condition.and(self.detections(&content.detection, place)?);
            let (more, more_keywords) = fields::named(&content.detection, place);
            names.extend(more);
            keywords |= more_keywords;
        }
        names.extend(more.iter().cloned());
        names.extend(rule.fields.iter().map(|name| plain_name(name)));
        let view = self.context.view;
        let wanted = Wanted::of(&rule.logsource);
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
        let condition: Expr = wanted.condition().and(condition);
        let scan = EventScan::new(columns);
        let built = scan.into_plan().and_then(|plan| LogicalPlanBuilder::from(plan).filter(condition)?.build());
        let plan = self.built(built, self.title(index))?;
        let names = if rule.fields.is_empty() { shown } else { own_fields(rule) };
        Some(Matching { plan, fields: names.iter().map(|name| view.resolve(name).column).collect() })
    }

    pub(super) fn title(&self, index: usize) -> Span {
        self.documents.get(index).map_or(Span::at(0), |document| document.outline.root().key("title").value())
    }
}

/// The fields that a rule says should be shown.
fn own_fields(rule: &SigmaRule) -> Vec<String> {
    rule.fields.iter().map(|name| plain_name(name)).collect()
}

/// A rule's result: the time of each event and the fields that the rule names.
pub(super) fn rows(planner: &mut Planner<'_>, index: usize) -> Option<Rows> {
    let matching = planner.matching(index, &[])?;
    let title = planner.documents.get(index)?.title().to_owned();
    let built = Rows::of_events(title, matching);
    planner.built(built, planner.title(index))
}
