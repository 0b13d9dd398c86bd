use super::prelude::*;
use serde_json::Value;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mv_to_json_array",
        usage: "mv_to_json_array(values [, infer_types])",
        summary: "The values as a JSON array: of texts, or, where the second argument is true, of what they look like.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mv_to_json_array(split("a,1", ","))"#, result: r#"["a","1"]"# },
            Example { query: r#"mv_to_json_array(split("a,1,true", ","), true())"#, result: r#"["a",1,true]"# },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let infer = matches!(row.cell(1), Cell::Boolean(true));
        let values = row.values(0);
        if values.is_empty() {
            return Cell::Null;
        }
        let values = values.into_iter().map(|value| match serde_json::from_str::<Value>(&value) {
            Ok(parsed) if infer => parsed,
            _ => Value::String(value.into_owned()),
        });
        Cell::text(Value::Array(values.collect()).to_string())
    })
}
