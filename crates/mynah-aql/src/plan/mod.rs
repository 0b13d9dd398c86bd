//! Trees to plans: names are resolved in the view, values get types, clauses become DataFusion's operators.
mod aggregation;
mod arithmetic;
mod coerce;
mod columns;
mod compare;
mod conditional;
mod lower;
mod matching;
mod names;
mod query;
mod scope;
mod select;
mod text_search;
mod time;
mod typed;

pub(crate) use coerce::{to_float, to_integer, to_text};
pub(crate) use time::parse_moment;
pub(crate) use typed::{Constant, Type, Typed};

use crate::ast::Query;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::PlanContext;
use mynah_syntax::{Diagnostic, Span};
use std::collections::BTreeSet;

/// Plans a query that parsed without an error.
pub(crate) fn plan(text: &str, query: &Query, context: &PlanContext<'_>) -> (Option<LogicalPlan>, Vec<Diagnostic>) {
    let mut planner = Planner { text, context, diagnostics: Vec::new(), fresh: 0, reported: BTreeSet::new() };
    let plan = planner.whole(query);
    if planner.diagnostics.iter().any(Diagnostic::is_error) {
        return (None, planner.diagnostics);
    }
    (plan, planner.diagnostics)
}

pub(crate) struct Planner<'a> {
    text: &'a str,
    context: &'a PlanContext<'a>,
    diagnostics: Vec<Diagnostic>,
    fresh: usize,
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

    /// What DataFusion refused: our mistake, but to be said, not to be swallowed.
    fn refused(&mut self, error: &DataFusionError, span: Span) {
        self.report(Diagnostic::error(
            "aql/plan",
            format!("this cannot be planned: {}", error.strip_backtrace()),
            span,
        ));
    }

    /// The value, or nothing and a diagnostic.
    fn accept<T>(&mut self, result: Result<T, DataFusionError>, span: Span) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.refused(&error, span);
                None
            }
        }
    }

    fn now(&self) -> i64 {
        (self.context.now)().milliseconds()
    }
}
