//! `allnum=true`: figures of numbers only where every value of a field is one.
use super::aggregation;
use super::derived::{call, field};
use super::prelude::*;
use crate::aggregates::{AggregateCall, Argument};
use crate::expression::case;
use datafusion::prelude::lit;
use mynah_dialect::column;

/// The functions that take numbers and leave out what is none.
const OF_NUMBERS: &[&str] =
    &["avg", "mean", "sum", "sumsq", "stdev", "stdevp", "var", "varp", "range", "median", "rate"];

fn is_of_numbers(function: &str) -> bool {
    let stem = function.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_ascii_lowercase();
    OF_NUMBERS.contains(&stem.as_str())
        || matches!(stem.as_str(), "p" | "perc" | "percentile" | "exactperc" | "upperperc")
}

/// Calls beside those of a command, which count the values that are no numbers.
pub(super) struct Guards {
    /// The command's own calls, without wildcards, and the counts.
    pub calls: Vec<AggregateCall>,
    /// The results, each with the hidden column of its count.
    counts: Vec<(String, String)>,
}

impl Guards {
    /// The calls with a count for each that needs one; none unless `wanted`.
    pub(super) fn of(
        calls: &[AggregateCall],
        wanted: bool,
        rows: &Rows,
        by: &[String],
        planner: &mut Planner<'_>,
    ) -> Guards {
        let mut guards = Guards { calls: calls.to_vec(), counts: Vec::new() };
        if !wanted {
            return guards;
        }
        guards.calls = aggregation::expand(calls, rows, by);
        let mut counts = Vec::new();
        for of in guards.calls.iter().filter(|call| is_of_numbers(&call.function.node)) {
            let value = match &of.argument {
                Some(Argument::Field(name)) => field(&name.node, name.span),
                Some(Argument::Eval(expression)) => expression.clone(),
                None => continue,
            };
            let at = of.span;
            let number = call("tonumber", vec![value.clone()], at);
            let other = call("if", vec![call("isnull", vec![number], at), value, call("null", Vec::new(), at)], at);
            let hidden = planner.fresh("other");
            guards.counts.push((of.output_name(), hidden.clone()));
            counts.push(AggregateCall {
                function: Spanned::new("count".to_owned(), at),
                argument: Some(Argument::Eval(other)),
                alias: Some(Spanned::new(hidden, at)),
                written: None,
                span: at,
                sparkline: None,
            });
        }
        guards.calls.extend(counts);
        guards
    }

    /// The rows with no value where other values than numbers were counted, and without the counts.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub(super) fn applied(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if self.counts.is_empty() {
            return Ok(rows);
        }
        let shown = rows.all().into_iter().filter(|(name, _)| !self.counts.iter().any(|(_, hidden)| hidden == name));
        let columns = shown.map(|(name, typed)| match self.counts.iter().find(|(of, _)| *of == name) {
            Some((_, hidden)) => {
                let none = column(hidden).eq(lit(0.0));
                (name, Typed::new(case(vec![(none, typed.expr)], None, typed.ty), typed.ty))
            }
            None => (name, typed),
        });
        let columns = columns.collect();
        rows.project(columns, planner)
    }
}
