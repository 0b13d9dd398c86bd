use super::prelude::*;
use super::{json_path, json_value};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_delete",
        usage: "json_delete(json, key, ...)",
        summary: "The JSON object without these members; a path leads to one further inside.",
        page: super::page::JSON,
        examples: &[Example {
            query: r#"json_delete("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}", "a", "b.c")"#,
            result: r#"{"b":{"d":3}}"#,
        }],
    },
    aliases: &[],
    arguments: (2, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let Some(mut value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        for index in 1..row.len() {
            if let Some(path) = row.text(index) {
                json_path::delete(&mut value, &path);
            }
        }
        Cell::text(value.to_string())
    })
}
