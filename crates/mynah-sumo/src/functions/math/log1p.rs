//! `log1p`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "log1p",
    usage: "log1p(x)",
    summary: "The natural logarithm of 1 more. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/log1p/",
    examples: &[Example { query: "log1p(0)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["log1p"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.ln_1p())),
};
