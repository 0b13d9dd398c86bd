use super::json_value;
use super::prelude::*;
use serde_json::Value;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_keys",
        usage: "json_keys(json)",
        summary: "The keys of a JSON object, as a JSON array.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_keys("{\"b\":1,\"a\":2}")"#, result: r#"["b","a"]"# },
            Example { query: r#"json_keys("[1]")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| match row.text(0).and_then(|text| json_value::parse(&text)) {
        Some(Value::Object(object)) => {
            Cell::text(Value::Array(object.keys().map(|key| Value::String(key.clone())).collect()).to_string())
        }
        _ => Cell::Null,
    })
}
