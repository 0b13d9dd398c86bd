//! `isNaN`.
use super::Function;
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "isNaN",
    usage: "isNaN(x)",
    summary: "Whether a calculation gave no number, as 0 / 0 does.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/isnan-isinfinity/",
    examples: &[Example { query: "isNaN(0 / 0)", result: "true" }, Example { query: "isNaN(1)", result: "false" }],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["isnan"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Boolean, |row| {
        Cell::Boolean(matches!(row, [Cell::Float(x)] if x.is_nan()))
    }),
};
