//! `median`.
use super::percentile::percentile;
use super::{Aggregator, Call};
use crate::plan::{Aggregated, Stage};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

pub(super) const MEDIAN: Aggregator = Aggregator { doc: &DOC, name: "median", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "median",
    usage: "| median(field) [as name] [by field, …]",
    summary: "The median of the numbers of a field, `_median` if it is given no name.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/median/",
    examples: &[],
};

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    Ok(vec![percentile(call.label("_median"), call.number(stage)?, 50.0)])
}
