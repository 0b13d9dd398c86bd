//! `atan2`.
use super::{Function, of_two};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "atan2",
    usage: "atan2(y, x)",
    summary: "The angle of a point, in radians. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/atan2",
    examples: &[Example { query: "atan2(0, 1)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["atan2"],
    arguments: (2, 2),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_two(row, |y, x| y.atan2(x))),
};
