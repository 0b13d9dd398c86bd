//! `toLowerCase`, `toUpperCase`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const PAGE: &str =
    "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/tolowercase-touppercase/";

const LOWER: FunctionDoc = FunctionDoc {
    name: "toLowerCase",
    usage: "toLowerCase(text)",
    summary: "A text in lower case.",
    page: PAGE,
    examples: &[Example { query: "toLowerCase(\"RunDLL32\")", result: "rundll32" }],
};

const UPPER: FunctionDoc = FunctionDoc {
    name: "toUpperCase",
    usage: "toUpperCase(text)",
    summary: "A text in upper case.",
    page: PAGE,
    examples: &[Example { query: "toUpperCase(\"error\")", result: "ERROR" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &LOWER,
        names: &["tolowercase", "lower"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, lower),
    },
    Function {
        doc: &UPPER,
        names: &["touppercase", "upper"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Text, upper),
    },
];

fn lower<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(text.to_lowercase()),
        _ => Cell::Null,
    }
}

fn upper<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(text.to_uppercase()),
        _ => Cell::Null,
    }
}
