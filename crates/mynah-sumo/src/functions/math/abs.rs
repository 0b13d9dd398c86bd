//! `abs`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "abs",
    usage: "abs(x)",
    summary: "The absolute value. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/abs/",
    examples: &[Example { query: "abs(-3)", result: "3" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["abs"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.abs())),
};
