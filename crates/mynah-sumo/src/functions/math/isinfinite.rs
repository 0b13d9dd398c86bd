//! `isInfinite`.
use super::Function;
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "isInfinite",
    usage: "isInfinite(x)",
    summary: "Whether a calculation gave an infinite number, as 1 / 0 does.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/isnan-isinfinity/",
    examples: &[
        Example { query: "isInfinite(1 / 0)", result: "true" },
        Example { query: "isInfinite(1)", result: "false" },
    ],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["isinfinite", "isinfinity"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Boolean, |row| {
        Cell::Boolean(matches!(row, [Cell::Float(x)] if x.is_infinite()))
    }),
};
