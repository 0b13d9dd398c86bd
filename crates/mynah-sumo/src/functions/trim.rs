//! `trim`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "trim",
    usage: "trim(text)",
    summary: "A text without the white space around it.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/trim/",
    examples: &[Example { query: "trim(\"  a b \")", result: "a b" }],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["trim"], arguments: (1, 1), make: Make::Rows(&[Kind::Text], Kind::Text, trim) }];

fn trim<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(text.trim()),
        _ => Cell::Null,
    }
}
