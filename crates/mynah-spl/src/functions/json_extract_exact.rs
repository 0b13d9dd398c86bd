use super::json_value;
use super::prelude::*;
use serde_json::Value;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_extract_exact",
        usage: "json_extract_exact(json, key, ...)",
        summary: "The value of a member by its exact key, dots and all; with several keys a JSON array of their values.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_extract_exact("{\"a.b\":\"x\"}", "a.b")"#, result: "x" },
            Example { query: r#"json_extract_exact("{\"a\":{\"b\":1}}", "a.b")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let Some(value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        let at = |index| row.text(index).and_then(|key| value.get(key.as_ref()).cloned());
        match row.len() {
            1 => text(mynah_kernels::json::show(&value)),
            2 => text(at(1).as_ref().and_then(mynah_kernels::json::show)),
            count => {
                Cell::text(Value::Array((1..count).map(|index| at(index).unwrap_or(Value::Null)).collect()).to_string())
            }
        }
    })
}
