//! `cbrt`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "cbrt",
    usage: "cbrt(x)",
    summary: "The cube root. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/cbrt/",
    examples: &[Example { query: "cbrt(27)", result: "3" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["cbrt"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.cbrt())),
};
