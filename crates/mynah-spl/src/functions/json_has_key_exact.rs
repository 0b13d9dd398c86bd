use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_has_key_exact",
        usage: "json_has_key_exact(json, key)",
        summary: "Whether a JSON object has a member of exactly this key.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_has_key_exact("{\"a.b\":null}", "a.b")"#, result: "true" },
            Example { query: r#"json_has_key_exact("{\"a\":1}", "b")"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Boolean, |row| match (row.text(0).and_then(|text| json_value::parse(&text)), row.text(1)) {
        (Some(value), Some(key)) => Cell::Boolean(value.get(key.as_ref()).is_some()),
        _ => Cell::Null,
    })
}
