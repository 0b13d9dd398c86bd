//! `exp`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "exp",
    usage: "exp(x)",
    summary: "Euler's number to this power. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/exp/",
    examples: &[Example { query: "exp(0)", result: "1" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["exp"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.exp())),
};
