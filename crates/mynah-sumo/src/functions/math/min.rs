//! `min`.
use super::{Function, of_two};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "min",
    usage: "min(x, y)",
    summary: "The lesser of two numbers; with one argument `min` is the aggregate. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/",
    examples: &[Example { query: "min(2, \"3\")", result: "2" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["min"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_two(row, f64::min)),
};
