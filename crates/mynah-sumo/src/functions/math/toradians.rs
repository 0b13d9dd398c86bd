//! `toRadians`.
use super::{Function, of_one};
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};

const DOC: FunctionDoc = FunctionDoc {
    name: "toRadians",
    usage: "toRadians(x)",
    summary: "An angle in degrees as radians. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/toradians/",
    examples: &[Example { query: "toRadians(0)", result: "0" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["toradians"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Number, |row| of_one(row, |x| x.to_radians())),
};
