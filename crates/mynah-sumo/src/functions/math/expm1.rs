//! `expm1`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "expm1",
    usage: "expm1(x)",
    summary: "Euler's number to this power, less 1. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/expm1/",
    examples: &[Example { query: "expm1(0)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["expm1"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.exp_m1())),
};
