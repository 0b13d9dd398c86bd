use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json",
        usage: "json(value)",
        summary: "The value where it is JSON, else null.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json("{\"a\": 1}")"#, result: r#"{"a":1}"# },
            Example { query: r#"json("{a}")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        text(row.text(0).and_then(|text| json_value::parse(&text)).map(|value| value.to_string()))
    })
}
