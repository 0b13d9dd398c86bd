//! `log`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "log",
    usage: "log(x)",
    summary: "The natural logarithm. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/log/",
    examples: &[Example { query: "log(1)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["log"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.ln())),
};
