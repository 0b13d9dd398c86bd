//! `jsonArrayContains`, `jsonArraySize`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Cell, json};
use serde_json::Value;

const CONTAINS: FunctionDoc = FunctionDoc {
    name: "jsonArrayContains",
    usage: "jsonArrayContains(array, value)",
    summary: "Whether a JSON array holds a value. False for what is no array.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/",
    examples: &[
        Example { query: "jsonArrayContains(\"[\\\"a\\\",\\\"b\\\"]\", \"b\")", result: "true" },
        Example { query: "jsonArrayContains(\"[1]\", \"2\")", result: "false" },
    ],
};

const SIZE: FunctionDoc = FunctionDoc {
    name: "jsonArraySize",
    usage: "jsonArraySize(array)",
    summary: "How many values a JSON array holds. Null for what is no array.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/",
    examples: &[Example { query: "jsonArraySize(\"[1, 2, 3]\")", result: "3" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &CONTAINS,
        names: &["jsonarraycontains"],
        arguments: (2, 2),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, contains),
    },
    Function {
        doc: &SIZE,
        names: &["jsonarraysize"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Integer, size),
    },
];

fn array(text: &str) -> Option<Vec<Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => Some(values),
        _ => None,
    }
}

fn contains<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text), Cell::Text(wanted)] = row else { return Cell::Boolean(false) };
    let found =
        array(text).is_some_and(|values| values.iter().any(|v| json::show(v).as_deref() == Some(wanted.as_ref())));
    Cell::Boolean(found)
}

fn size<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => array(text).map(|values| Cell::Integer(values.len() as i64)).into(),
        _ => Cell::Null,
    }
}
