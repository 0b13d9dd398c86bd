//! `length`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "length",
    usage: "length(text)",
    summary: "How many characters a text has; 0 for null.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/length/",
    examples: &[Example { query: "length(\"query\")", result: "5" }, Example { query: "length(null)", result: "0" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["length"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Text], Kind::Integer, count),
}];

fn count<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::Integer(text.chars().count() as i64),
        _ => Cell::Integer(0),
    }
}
