//! `sin`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "sin",
    usage: "sin(x)",
    summary: "The sine of an angle in radians. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/sin/",
    examples: &[Example { query: "sin(0)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["sin"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.sin())),
};
