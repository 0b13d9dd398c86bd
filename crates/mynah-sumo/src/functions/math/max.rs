//! `max`.
use super::{Function, of_two};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "max",
    usage: "max(x, y)",
    summary: "The greater of two numbers; with one argument `max` is the aggregate. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/",
    examples: &[Example { query: "max(2, \"3\")", result: "3" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["max"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_two(row, f64::max)),
};
