use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_array",
        usage: "json_array(value, ...)",
        summary: "A JSON array of these values.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_array("a", 1, 1=1)"#, result: r#"["a",1,true]"# },
            Example { query: "json_array()", result: "[]" },
        ],
    },
    aliases: &[],
    arguments: (0, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.is_empty() {
        return Ok(Typed::text("[]"));
    }
    let written = json_value::written_as_text(call)?;
    call.row(&format!("{written:?}"), Type::Text, move |row| {
        let values = (0..row.len()).map(|index| json_value::of(row.cell(index), written.get(index) == Some(&true)));
        Cell::text(serde_json::Value::Array(values.collect()).to_string())
    })
}
