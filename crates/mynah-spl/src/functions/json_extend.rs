use super::prelude::*;
use super::{json_path, json_value};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_extend",
        usage: "json_extend(json, path, value, ...)",
        summary: "The JSON with the elements of an array appended to the array at each path.",
        page: super::page::JSON,
        examples: &[Example {
            query: r#"json_extend("{\"a\":[1]}", "a", json_array(2, 3))"#,
            result: r#"{"a":[1,2,3]}"#,
        }],
    },
    aliases: &[],
    arguments: (3, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len().is_multiple_of(2) {
        return Err(
            call.error(call.arguments.len() - 1, "`json_extend` takes pairs of a path and a value behind the JSON")
        );
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let Some(mut value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        for index in (1..row.len()).step_by(2) {
            let Some(path) = row.text(index) else { continue };
            let new = json_value::of(row.cell(index + 1), written.get(index + 1) == Some(&true));
            if let Some(serde_json::Value::Array(array)) = json_path::get_mut(&mut value, &path) {
                match new {
                    serde_json::Value::Array(elements) => array.extend(elements),
                    other => array.push(other),
                }
            };
        }
        Cell::text(value.to_string())
    })
}
