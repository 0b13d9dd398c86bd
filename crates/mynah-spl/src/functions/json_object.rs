use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_object",
        usage: "json_object(key, value, ...)",
        summary: "A JSON object of these members.",
        page: super::page::JSON,
        examples: &[
            Example {
                query: r#"json_object("a", 1, "b", "x", "c", json_array(1, 2))"#,
                result: r#"{"a":1,"b":"x","c":[1,2]}"#,
            },
            Example { query: "json_object()", result: "{}" },
        ],
    },
    aliases: &[],
    arguments: (0, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len() % 2 == 1 {
        return Err(call
            .error(call.arguments.len() - 1, "`json_object` takes pairs of a key and a value; this key has no value"));
    }
    if call.arguments.is_empty() {
        return Ok(Typed::text("{}"));
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let mut object = serde_json::Map::new();
        for index in (0..row.len()).step_by(2) {
            let Some(key) = row.text(index) else { continue };
            object.insert(key.into_owned(), json_value::of(row.cell(index + 1), written.get(index + 1) == Some(&true)));
        }
        Cell::text(serde_json::Value::Object(object).to_string())
    })
}
