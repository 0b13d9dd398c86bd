//! Tree to plan: scan, filter, sort by time, pipes, the columns that the query names.
mod arguments;
mod call;
mod compare;
mod condition;
mod equality;
mod joined;
mod matching;
mod missing;
mod ordering;
mod output;
mod pipes;
mod regexp;
mod time;
mod value;

pub(crate) use equality::truth;
pub(crate) use pipes::Step;

use crate::ast::{Body, EventFilter, Query};
use crate::names::{self, Name};
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::PlanContext;
use mynah_event::Timestamp;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::PlatformView;
use output::Shown;
use std::collections::BTreeMap;

/// Plans a query that parsed without an error, and says what stands against it.
pub(crate) fn plan(query: &Query, context: &PlanContext<'_>) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let mut lowering = Lowering::new(context.view, context.now);
    let shown = Shown::new(context.view, names::mentioned(query));
    let made = match &query.body {
        Body::Event(filter) => {
            let condition = lowering.filter(filter);
            let pipes = lowering.pipes(&query.pipes);
            let parts = condition.zip(pipes);
            parts.map(|(condition, pipes)| output::plan(&shown, filter.category.is_some(), condition, &pipes))
        }
        Body::Sequence(sequence) => {
            let pipes = lowering.pipes(&query.pipes);
            let parts = lowering.sequence(sequence, pipes);
            parts.map(|parts| joined::plan(query, &shown, parts))
        }
        Body::Sample(sample) => {
            if let Some(pipe) = query.pipes.first() {
                let diagnostic = Diagnostic::error("eql/unsupported", "a sample has no pipes", pipe.place.0);
                lowering.diagnostics.push(diagnostic.with_help("leave them out: a sample is one for each key"));
            }
            let parts = lowering.sample(sample);
            parts.map(|parts| joined::plan(query, &shown, parts))
        }
    };
    let mut diagnostics = lowering.diagnostics;
    match made {
        Some(Ok(plan)) => (Some(plan), diagnostics),
        Some(Err(error)) => {
            let span = query.filters().first().map_or(Span::default(), |filter| filter.condition.span());
            diagnostics.push(Diagnostic::error("eql/plan", format!("this query has no plan: {error}"), span));
            (None, diagnostics)
        }
        None => (None, diagnostics),
    }
}

/// The state of a query on its way to a plan.
pub(crate) struct Lowering<'a> {
    view: &'a PlatformView,
    /// Asked for its clock only by a date relative to it: over files, telling it takes a reading of them all.
    now: &'a dyn Fn() -> Timestamp,
    names: BTreeMap<String, Name>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(view: &'a PlatformView, now: &'a dyn Fn() -> Timestamp) -> Self {
        Lowering { view, now, names: BTreeMap::new(), diagnostics: Vec::new() }
    }

    /// What has been said so far.
    #[cfg(test)]
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    fn name(&mut self, name: &str) -> &Name {
        let view = self.view;
        self.names.entry(name.to_owned()).or_insert_with(|| names::resolve(view, name))
    }

    /// The condition of an event, its category included.
    fn filter(&mut self, filter: &EventFilter) -> Option<datafusion::prelude::Expr> {
        let condition = self.condition(&filter.condition)?;
        Some(match &filter.category {
            None => condition,
            Some(category) => equality::category(category).and(condition),
        })
    }
}

#[cfg(test)]
impl Lowering<'_> {
    /// The text of an expression that is the same for all events.
    pub(crate) fn constant_text(&mut self, expression: &crate::ast::Expr) -> Option<String> {
        self.value(expression)?.constant.as_ref().map(call::cell_text)
    }
}
