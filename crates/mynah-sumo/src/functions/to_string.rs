//! `toString`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "toString",
    usage: "toString(value)",
    summary: "A value as text.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/manually-cast-data-string-number/",
    examples: &[Example { query: "concat(toString(2.0), toString(true))", result: "2true" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["tostring", "string"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Text], Kind::Text, text),
}];

fn text<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::Text(text.clone()),
        _ => Cell::Null,
    }
}
