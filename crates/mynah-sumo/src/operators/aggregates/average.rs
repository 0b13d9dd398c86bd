//! `avg`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage};
use datafusion::functions_aggregate::expr_fn::avg;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const AVG: Aggregator = Aggregator { doc: &DOC, name: "avg", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "avg",
    usage: "| avg(field) [as name] [by field, …]",
    summary: "The mean of the numbers of a field, `_avg` if it is given no name. What is no number does not count.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/avg/",
    examples: &[],
};

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![Aggregated {
        name: call.label("_avg"),
        kind: Kind::Number,
        arguments: vec![call.number(stage)?],
        call: Box::new(|arguments, _| Ok(avg(only(arguments)?))),
        after: None,
    }])
}
