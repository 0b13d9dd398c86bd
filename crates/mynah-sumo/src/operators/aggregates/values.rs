//! `values`.
use super::{Aggregator, Call, only};
use crate::plan::{Aggregated, Kind, Stage};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn::array_agg;
use datafusion::logical_expr::ExprFunctionExt;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const VALUES: Aggregator = Aggregator { doc: &DOC, name: "values", lower };

const DOC: FunctionDoc = FunctionDoc {
    name: "values",
    usage: "| values(field) [as name] [by field, …]",
    summary: "The different values of a field, sorted, a line for each, of which the first 100 are given; `_values` if it is given no name.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/values/",
    examples: &[],
};

/// As many values as Sumo Logic gives.
const MOST: usize = 100;

fn lower(stage: &mut Stage<'_>, call: &Call) -> Result<Vec<Aggregated>, Diagnostic> {
    let lines = row_function("values", DataType::Utf8, |row| match row {
        [Cell::List(cells)] => {
            let mut texts: Vec<&str> = cells.iter().filter_map(Cell::as_text).collect();
            texts.sort_unstable();
            texts.truncate(MOST);
            Cell::text(texts.join("\n"))
        }
        _ => Cell::Null,
    });
    Ok(vec![Aggregated {
        name: call.label("_values"),
        kind: Kind::Text,
        arguments: vec![call.argument(stage)?.to(Kind::Text)],
        call: Box::new(|arguments, _| array_agg(only(arguments)?).distinct().build()),
        after: Some(lines),
    }])
}
