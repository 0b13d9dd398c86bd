use super::json_value;
use super::prelude::*;
use serde_json::Value;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_array_to_mv",
        usage: "json_array_to_mv(json [, keep_quotes])",
        summary: "The elements of a JSON array as several values; texts keep their quotes where the second argument is true.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_array_to_mv("[\"a\",1,{\"b\":2}]")"#, result: r#"["a","1","{\"b\":2}"]"# },
            Example { query: r#"mvjoin(json_array_to_mv("[\"a\"]", true()), ",")"#, result: r#""a""# },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let keep = matches!(row.cell(1), Cell::Boolean(true));
        match row.text(0).and_then(|text| json_value::parse(&text)) {
            Some(Value::Array(values)) => Cell::texts(values.iter().map(|value| match value {
                Value::String(text) if !keep => text.clone(),
                other => other.to_string(),
            })),
            _ => Cell::Null,
        }
    })
}
