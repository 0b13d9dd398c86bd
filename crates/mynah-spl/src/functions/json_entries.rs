use super::json_value;
use super::prelude::*;
use serde_json::{Value, json};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_entries",
        usage: "json_entries(json)",
        summary: "The members of a JSON object, as a JSON array of objects with `key` and `value`.",
        page: super::page::JSON,
        examples: &[Example { query: r#"json_entries("{\"a\":1}")"#, result: r#"[{"key":"a","value":1}]"# }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| match row.text(0).and_then(|text| json_value::parse(&text)) {
        Some(Value::Object(object)) => Cell::text(
            Value::Array(object.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()).to_string(),
        ),
        _ => Cell::Null,
    })
}
