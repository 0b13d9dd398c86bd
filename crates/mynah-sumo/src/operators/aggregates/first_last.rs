//! `first`, `last`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Stage};
use datafusion::functions_aggregate::expr_fn::{first_value, last_value};
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::logical_expr::expr::NullTreatment;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

const PAGE: &str =
    "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/first-last/";

pub(super) const FIRST: Aggregator = Aggregator { doc: &FIRST_DOC, name: "first", lower: first };
pub(super) const LAST: Aggregator = Aggregator { doc: &LAST_DOC, name: "last", lower: last };

const FIRST_DOC: FunctionDoc = FunctionDoc {
    name: "first",
    usage: "| first(field) [as name] [by field, …]",
    summary: "The first value of a field in the order of the rows, which for messages is the newest; `_first` if it is given no name. Null is no value.",
    page: PAGE,
    examples: &[],
};

const LAST_DOC: FunctionDoc = FunctionDoc {
    name: "last",
    usage: "| last(field) [as name] [by field, …]",
    summary: "The last value of a field in the order of the rows, which for messages is the oldest; `_last` if it is given no name. Null is no value.",
    page: PAGE,
    examples: &[],
};

fn first(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let value = call.argument(stage)?;
    Ok(vec![Aggregated {
        name: call.label("_first"),
        kind: value.kind,
        arguments: vec![value],
        call: Box::new(|arguments, order| {
            first_value(only(arguments)?, order).null_treatment(NullTreatment::IgnoreNulls).build()
        }),
        after: None,
    }])
}

fn last(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let value = call.argument(stage)?;
    Ok(vec![Aggregated {
        name: call.label("_last"),
        kind: value.kind,
        arguments: vec![value],
        call: Box::new(|arguments, order| {
            last_value(only(arguments)?, order).null_treatment(NullTreatment::IgnoreNulls).build()
        }),
        after: None,
    }])
}
