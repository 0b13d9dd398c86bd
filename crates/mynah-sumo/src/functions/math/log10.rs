//! `log10`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "log10",
    usage: "log10(x)",
    summary: "The logarithm to the base 10. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/log10/",
    examples: &[Example { query: "log10(1000)", result: "3" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["log10"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.log10())),
};
