use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_set_exact",
        usage: "json_set_exact(json, key, value, ...)",
        summary: "The JSON object with members of exactly these keys set to the values.",
        page: super::page::JSON,
        examples: &[Example { query: r#"json_set_exact("{}", "a.b", 1)"#, result: r#"{"a.b":1}"# }],
    },
    aliases: &[],
    arguments: (3, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len().is_multiple_of(2) {
        return Err(
            call.error(call.arguments.len() - 1, "`json_set_exact` takes pairs of a path and a value behind the JSON")
        );
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let Some(mut value) = row.text(0).and_then(|text| json_value::parse(&text)) else { return Cell::Null };
        for index in (1..row.len()).step_by(2) {
            let Some(path) = row.text(index) else { continue };
            let new = json_value::of(row.cell(index + 1), written.get(index + 1) == Some(&true));
            if let serde_json::Value::Object(object) = &mut value {
                object.insert(path.into_owned(), new);
            };
        }
        Cell::text(value.to_string())
    })
}
