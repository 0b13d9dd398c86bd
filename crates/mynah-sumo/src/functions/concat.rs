//! `concat`.
use super::{Function, MANY, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "concat",
    usage: "concat(value, value [, …])",
    summary: "Values one after another as one text. Null counts as an empty text.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/concat/",
    examples: &[
        Example { query: "concat(\"time\", 4, \"logs\")", result: "time4logs" },
        Example { query: "concat(\"a\", null, \"b\")", result: "ab" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["concat"],
    arguments: (1, MANY),
    make: Make::Rows(&[Kind::Text], Kind::Text, join),
}];

fn join<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    Cell::text(row.iter().filter_map(Cell::as_text).collect::<String>())
}
