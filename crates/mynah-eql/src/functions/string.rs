use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};
use std::borrow::Cow;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "string",
        usage: "string(value)",
        summary: "A value as text. Null if it is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-string",
        examples: &[
            Example { query: r#"string(42)"#, result: "42" },
            Example { query: r#"string(42.5)"#, result: "42.5" },
            Example { query: r#"string("regsvr32.exe")"#, result: "regsvr32.exe" },
            Example { query: r#"string(true)"#, result: "true" },
            Example { query: r#"string(null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[Parameter { name: "value", accepts: Accepts::Any, optional: false }],
    repeats: false,
    returns: Returns::Text,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::Text(text.clone()),
        [value] => text_of(value).map(|text| Cell::Text(Cow::Owned(text.into_owned()))).into(),
        _ => Cell::Null,
    }
}

/// A value as text, numbers as Java writes them: `4`, `4.0`.
pub(crate) fn text_of<'c>(cell: &'c Cell<'_>) -> Option<Cow<'c, str>> {
    match cell {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
        Cell::Float(number) => Some(Cow::Owned(format!("{number:?}"))),
        Cell::Boolean(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Cell::Null | Cell::List(_) => None,
    }
}
