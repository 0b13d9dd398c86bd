//! Trees to plans: names are resolved in the view, values get types, clauses become DataFusion's operators.
mod aggregation;
mod arithmetic;
mod calls;
mod coerce;
mod columns;
mod compare;
mod lower;
mod matching;
mod query;
mod scope;
mod select;
mod text_search;
mod time;
mod typed;

pub(crate) use coerce::{java_double, to_float, to_integer, to_text, to_type};
pub(crate) use matching::regex;
pub(crate) use time::{Moment, named_moment};
pub(crate) use typed::{Type, Typed};

use crate::ast::Query;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::PlanContext;
use mynah_syntax::{Diagnostic, Span};
use std::collections::BTreeSet;

/// Plans a tree that was read without an error: the plan, if no diagnostic is an error, and what was noticed.
pub fn plan(text: &str, query: &Query, context: &PlanContext<'_>) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let (diagnostics, reported) = (Vec::new(), BTreeSet::new());
    let mut planner = Planner { text, context, diagnostics, fresh: 0, expanded: 0, reported };
    let plan = planner.whole(query).filter(|_| planner.faults() == 0);
    (plan, planner.diagnostics)
}

pub(crate) struct Planner<'a> {
    text: &'a str,
    context: &'a PlanContext<'a>,
    diagnostics: Vec<Diagnostic>,
    fresh: usize,
    /// How many times an alias was looked into.
    expanded: usize,
    /// The names that were reported as unknown: once is enough.
    reported: BTreeSet<String>,
}

impl Planner<'_> {
    /// A name that no column of the query has.
    fn fresh(&mut self, what: &str) -> String {
        self.fresh += 1;
        format!("__{what}{}", self.fresh)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports why something has no plan.
    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.report(diagnostic);
        None
    }

    /// How many errors there are so far.
    fn faults(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// The value, or nothing and a diagnostic. What DataFusion refuses is our mistake, but to be said, not to be swallowed.
    fn accept<T>(&mut self, result: Result<T, DataFusionError>, span: Span) -> Option<T> {
        let refused = |error: DataFusionError| {
            let message = format!("this cannot be planned: {}", error.strip_backtrace());
            self.report(Diagnostic::error("aql/plan", message, span));
        };
        result.map_err(refused).ok()
    }
}
