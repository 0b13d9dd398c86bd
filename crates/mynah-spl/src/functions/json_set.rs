use super::prelude::*;
use super::{json_path, json_value};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_set",
        usage: "json_set(json, path, value, ...)",
        summary: "The JSON with the values put at these paths; missing members on the way are made.",
        page: super::page::JSON,
        examples: &[Example {
            query: r#"json_set("{\"a\":1}", "b.c", "x", "a", 2)"#,
            result: r#"{"a":2,"b":{"c":"x"}}"#,
        }],
    },
    aliases: &[],
    arguments: (3, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len().is_multiple_of(2) {
        return Err(
            call.error(call.arguments.len() - 1, "`json_set` takes pairs of a path and a value behind the JSON")
        );
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let Some(mut value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        for index in (1..row.len()).step_by(2) {
            let Some(path) = row.text(index) else { continue };
            let new = json_value::of(row.cell(index + 1), written.get(index + 1) == Some(&true));
            json_path::set(&mut value, &path, new);
        }
        Cell::text(value.to_string())
    })
}
