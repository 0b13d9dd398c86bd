//! `isNumeric`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "isNumeric",
    usage: "isNumeric(value)",
    summary: "Whether a value is a number, or a text that is one.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isnumeric/",
    examples: &[
        Example { query: "isNumeric(\"5.4\")", result: "true" },
        Example { query: "isNumeric(\"five\")", result: "false" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["isnumeric"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Number], Kind::Boolean, test),
}];

fn test<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    Cell::Boolean(matches!(row, [Cell::Float(_)]))
}
