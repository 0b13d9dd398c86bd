//! `cos`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "cos",
    usage: "cos(x)",
    summary: "The cosine of an angle in radians. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/cos/",
    examples: &[Example { query: "cos(0)", result: "1" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["cos"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.cos())),
};
