//! `luhn`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "luhn",
    usage: "luhn(text)",
    summary: "Whether the digits of a text pass the check of credit card numbers.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/luhn/",
    examples: &[
        Example { query: "luhn(\"4111 1111 1111 1111\")", result: "true" },
        Example { query: "luhn(\"4111 1111 1111 1112\")", result: "false" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["luhn"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Text], Kind::Boolean, check),
}];

fn check<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Boolean(false) };
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    Cell::Boolean(!digits.is_empty() && sum.is_multiple_of(10))
}
