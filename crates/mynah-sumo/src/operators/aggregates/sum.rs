//! `sum`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage};
use datafusion::functions_aggregate::expr_fn::sum;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const SUM: Aggregator = Aggregator { doc: &DOC, name: "sum", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "sum",
    usage: "| sum(field) [as name] [by field, …]",
    summary: "The sum of the numbers of a field, `_sum` if it is given no name. What is no number does not count.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/sum/",
    examples: &[],
};

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![Aggregated {
        name: call.label("_sum"),
        kind: Kind::Number,
        arguments: vec![call.number(stage)?],
        call: Box::new(|arguments, _| Ok(sum(only(arguments)?))),
        after: None,
    }])
}
