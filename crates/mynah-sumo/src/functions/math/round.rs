//! `round`.
use super::Function;
use crate::functions::Make;
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "round",
    usage: "round(x [, places])",
    summary: "The nearest whole number, or the nearest with so many decimal places. Null for what is no number.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/round/",
    examples: &[
        Example { query: "round(1.549, 2)", result: "1.55" },
        Example { query: "round(2.5)", result: "3" },
        Example { query: "round(-2.5)", result: "-2" },
    ],
};

pub(super) const FUNCTION: Function = Function {
    doc: &DOC,
    names: &["round"],
    arguments: (1, 2),
    make: Make::Rows(&[Kind::Number, Kind::Integer], Kind::Number, round),
};

fn round<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (number, places) = match row {
        [Cell::Float(number)] => (*number, 0),
        [Cell::Float(number), Cell::Integer(places)] => (*number, (*places).clamp(0, 15)),
        _ => return Cell::Null,
    };
    // Halves go up, as in Java's `Math.round`.
    let scale = 10f64.powi(places as i32);
    Cell::Float((number * scale + 0.5).floor() / scale)
}
