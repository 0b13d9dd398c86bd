//! `sqrt`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "sqrt",
    usage: "sqrt(x)",
    summary: "The square root. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/sqrt/",
    examples: &[Example { query: "sqrt(16)", result: "4" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["sqrt"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.sqrt())),
};
