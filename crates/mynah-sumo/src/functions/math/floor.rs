//! `floor`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "floor",
    usage: "floor(x)",
    summary: "The next whole number below. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/floor/",
    examples: &[Example { query: "floor(-1.2)", result: "-2" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["floor"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.floor())),
};
