//! `fromMillis`, `fromSeconds`, `toMillis`, `toSeconds`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/";

const FROM_MILLIS: FunctionDoc = FunctionDoc {
    name: "fromMillis",
    usage: "fromMillis(milliseconds)",
    summary: "The time of a number of milliseconds since 1970, which is how times are held.",
    page: PAGE,
    examples: &[Example { query: "formatDate(fromMillis(1773489600000), \"yyyy\")", result: "2026" }],
};

const TO_MILLIS: FunctionDoc = FunctionDoc {
    name: "toMillis",
    usage: "toMillis(time)",
    summary: "A time as milliseconds since 1970.",
    page: PAGE,
    examples: &[Example { query: "toMillis(\"1500\")", result: "1500" }],
};

const FROM_SECONDS: FunctionDoc = FunctionDoc {
    name: "fromSeconds",
    usage: "fromSeconds(seconds)",
    summary: "The time of a number of seconds since 1970.",
    page: PAGE,
    examples: &[Example { query: "fromSeconds(1773489600)", result: "1773489600000" }],
};

const TO_SECONDS: FunctionDoc = FunctionDoc {
    name: "toSeconds",
    usage: "toSeconds(time)",
    summary: "A time as seconds since 1970.",
    page: PAGE,
    examples: &[Example { query: "toSeconds(1773489600000)", result: "1773489600" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &FROM_MILLIS,
        names: &["frommillis"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Integer], Kind::Integer, same),
    },
    Function {
        doc: &TO_MILLIS,
        names: &["tomillis"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Integer], Kind::Integer, same),
    },
    Function {
        doc: &FROM_SECONDS,
        names: &["fromseconds"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Number], Kind::Integer, times),
    },
    Function {
        doc: &TO_SECONDS,
        names: &["toseconds"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Number], Kind::Number, part),
    },
];

fn same<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Integer(time)] => Cell::Integer(*time),
        _ => Cell::Null,
    }
}

fn times<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Float(seconds)] => Cell::Integer((seconds * 1e3) as i64),
        _ => Cell::Null,
    }
}

fn part<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Float(milliseconds)] => Cell::Float(milliseconds / 1e3),
        _ => Cell::Null,
    }
}
