//! `stddev`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage};
use datafusion::functions_aggregate::expr_fn::stddev_pop;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const STDDEV: Aggregator = Aggregator { doc: &DOC, name: "stddev", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "stddev",
    usage: "| stddev(field) [as name] [by field, …]",
    summary: "The standard deviation of the numbers of a field (of all of them, so that one number has 0); `_stddev` if it is given no name.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/stddev/",
    examples: &[],
};

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![Aggregated {
        name: call.label("_stddev"),
        kind: Kind::Number,
        arguments: vec![call.number(stage)?],
        call: Box::new(|arguments, _| Ok(stddev_pop(only(arguments)?))),
        after: None,
    }])
}
