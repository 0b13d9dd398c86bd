//! `hypot`.
use super::{Function, of_two};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "hypot",
    usage: "hypot(x, y)",
    summary: "The root of the sum of two squares. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/hypot",
    examples: &[Example { query: "hypot(3, 4)", result: "5" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["hypot"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_two(row, f64::hypot)),
};
