//! `substring`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "substring",
    usage: "substring(text, start [, end])",
    summary: "The characters from `start` (from 0) up to, not including, `end`, or to the end of the text. Null where the offsets do not fit.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/substring/",
    examples: &[
        Example { query: "substring(\"Hello world!\", 6)", result: "world!" },
        Example { query: "substring(\"Sumo Logic\", 0, 4)", result: "Sumo" },
        Example { query: "substring(\"Sumo Logic\", 0, 100)", result: "Sumo Logic" },
        Example { query: "substring(\"Hello world\", -1)", result: "null" },
        Example { query: "substring(\"Hello world\", 3, 2)", result: "null" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["substring"],
    arguments: (2, 3),
    make: Make::Rows(&[Kind::Text, Kind::Integer, Kind::Integer], Kind::Text, cut),
}];

fn cut<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (text, start, end) = match row {
        [Cell::Text(text), Cell::Integer(start)] => (text, *start, i64::MAX),
        [Cell::Text(text), Cell::Integer(start), Cell::Integer(end)] => (text, *start, *end),
        _ => return Cell::Null,
    };
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if end >= start => {
            Cell::text(text.chars().skip(start).take(end - start).collect::<String>())
        }
        _ => Cell::Null,
    }
}
