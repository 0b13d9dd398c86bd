use super::prelude::*;
use super::{json_path, json_value};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_append",
        usage: "json_append(json, path, value, ...)",
        summary: "The JSON with a value appended to the array at each path; an array is appended as one element.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_append("{\"a\":[1]}", "a", 2)"#, result: r#"{"a":[1,2]}"# },
            Example { query: r#"json_append("{\"a\":[1]}", "a", json_array(2, 3))"#, result: r#"{"a":[1,[2,3]]}"# },
        ],
    },
    aliases: &[],
    arguments: (3, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len().is_multiple_of(2) {
        return Err(
            call.error(call.arguments.len() - 1, "`json_append` takes pairs of a path and a value behind the JSON")
        );
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let Some(mut value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        for index in (1..row.len()).step_by(2) {
            let Some(path) = row.text(index) else { continue };
            let new = json_value::of(row.cell(index + 1), written.get(index + 1) == Some(&true));
            if let Some(serde_json::Value::Array(array)) = json_path::get_mut(&mut value, &path) {
                array.push(new)
            };
        }
        Cell::text(value.to_string())
    })
}
