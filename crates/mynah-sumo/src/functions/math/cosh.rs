//! `cosh`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "cosh",
    usage: "cosh(x)",
    summary: "The hyperbolic cosine. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/cosh/",
    examples: &[Example { query: "cosh(0)", result: "1" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["cosh"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.cosh())),
};
