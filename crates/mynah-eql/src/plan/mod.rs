//! Tree to plan: scan, filter, sort by time, pipes, the columns that the query names.
mod arguments;
mod call;
mod compare;
mod condition;
mod equality;
mod joined;
mod matching;
mod ordering;
mod output;
mod pipes;
mod regexp;
mod time;
mod value;

pub(crate) use equality::truth;
pub(crate) use pipes::Step;
pub(crate) use time::written;
pub(crate) use value::ValueType;

use crate::ast::{Body, EventFilter, Query};
use crate::names;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::{PlanContext, marked};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{PlatformView, Resolution};
use output::Shown;
use std::collections::BTreeMap;

/// Plans a tree that was read without an error: the plan, and what was noticed.
pub fn plan(query: &Query, context: &PlanContext<'_>) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    plan_shown(query, context, false)
}

/// The same, with each event's id as the last column if wanted.
pub(crate) fn plan_shown(
    query: &Query,
    context: &PlanContext<'_>,
    ids: bool,
) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let mut lowering = Lowering::new(context.view);
    let shown = Shown::new(context.view, names::mentioned(query), ids);
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
    let plan = made.and_then(|plan| {
        let refused = |error| {
            let span = query.filters().first().map_or(Span::default(), |filter| filter.condition.span());
            lowering.diagnostics.push(Diagnostic::error("eql/plan", format!("this query has no plan: {error}"), span));
        };
        plan.map_err(refused).ok()
    });
    (plan, lowering.diagnostics)
}

/// The state of a query on its way to a plan.
pub(crate) struct Lowering<'a> {
    view: &'a PlatformView,
    names: BTreeMap<String, Resolution>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(view: &'a PlatformView) -> Self {
        Lowering { view, names: BTreeMap::new(), diagnostics: Vec::new() }
    }

    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    fn resolved(&mut self, name: &str) -> &Resolution {
        let view = self.view;
        self.names.entry(name.to_owned()).or_insert_with(|| view.resolve(name))
    }

    /// The condition of an event, its category included.
    fn filter(&mut self, filter: &EventFilter) -> Option<datafusion::prelude::Expr> {
        let place = filter.category_place.0;
        let category = filter.category.as_deref().map(|name| marked(place, equality::category(name)));
        let condition = self.condition(&filter.condition)?;
        Some(match category {
            None => condition,
            Some(category) => category.and(condition),
        })
    }
}
