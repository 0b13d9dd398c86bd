use super::prelude::*;
use super::{json_path, json_value};
use serde_json::Value;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_extract",
        usage: "json_extract(json [, path, ...])",
        summary: "The value at a path, texts without quotes; with several paths a JSON array of their values. `{}` stands for all elements of an array, `{0}` for one.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_extract("{\"a\":{\"b\":\"x\"}}", "a.b")"#, result: "x" },
            Example { query: r#"json_extract("{\"a\":[1,2]}", "a{}")"#, result: "[1,2]" },
            Example { query: r#"json_extract("{\"a\":1,\"b\":2}", "a", "b")"#, result: "[1,2]" },
            Example { query: r#"json_extract("{\"a\":1}", "c")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let Some(value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        let at = |index| row.text(index).and_then(|path| json_path::one(&value, &path));
        match row.len() {
            1 => text(mynah_kernels::json::show(&value)),
            2 => text(at(1).as_ref().and_then(mynah_kernels::json::show)),
            count => {
                Cell::text(Value::Array((1..count).map(|index| at(index).unwrap_or(Value::Null)).collect()).to_string())
            }
        }
    })
}
