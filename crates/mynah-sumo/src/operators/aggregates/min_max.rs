//! `min`, `max`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage};
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

const PAGE: &str =
    "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/min-max/";

pub(super) const MIN: Aggregator = Aggregator { doc: &MIN_DOC, name: "min", lower: min };
pub(super) const MAX: Aggregator = Aggregator { doc: &MAX_DOC, name: "max", lower: max };

const MIN_DOC: FunctionDoc = FunctionDoc {
    name: "min",
    usage: "| min(field) [as name] [by field, …]",
    summary: "The least of the numbers of a field, `_min` if it is given no name. What is no number does not count.",
    page: PAGE,
    examples: &[],
};

const MAX_DOC: FunctionDoc = FunctionDoc {
    name: "max",
    usage: "| max(field) [as name] [by field, …]",
    summary: "The greatest of the numbers of a field, `_max` if it is given no name. What is no number does not count.",
    page: PAGE,
    examples: &[],
};

fn min(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![Aggregated {
        name: call.label("_min"),
        kind: Kind::Number,
        arguments: vec![call.number(stage)?],
        call: Box::new(|arguments, _| Ok(expr_fn::min(only(arguments)?))),
        after: None,
    }])
}

fn max(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![Aggregated {
        name: call.label("_max"),
        kind: Kind::Number,
        arguments: vec![call.number(stage)?],
        call: Box::new(|arguments, _| Ok(expr_fn::max(only(arguments)?))),
        after: None,
    }])
}
