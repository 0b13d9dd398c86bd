//! `ceil`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "ceil",
    usage: "ceil(x)",
    summary: "The next whole number above. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/ceil/",
    examples: &[Example { query: "ceil(1.2)", result: "2" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["ceil"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.ceil())),
};
