//! `pow`.
use super::{Function, of_two};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "pow",
    usage: "pow(x, y)",
    summary: "The first number to the power of the second. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/",
    examples: &[Example { query: "pow(2, 8)", result: "256" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["pow"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_two(row, f64::powf)),
};
