use super::json_value;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "json_valid",
        usage: "json_valid(value)",
        summary: "Whether the value is JSON.",
        page: super::page::JSON,
        examples: &[
            Example { query: r#"json_valid("{\"a\":1}")"#, result: "true" },
            Example { query: r#"json_valid("{a}")"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Boolean, |row| row.text(0).map(|text| Cell::Boolean(json_value::parse(&text).is_some())).into())
}
