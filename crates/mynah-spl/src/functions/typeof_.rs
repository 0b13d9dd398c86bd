use super::kind::Kind;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "typeof",
        usage: "typeof(value)",
        summary: "`Number`, `String`, `Bool`, or `Invalid` where there is no value.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: "typeof(12)", result: "Number" },
            Example { query: r#"typeof("12")"#, result: "String" },
            Example { query: "typeof(1=2)", result: "Bool" },
            Example { query: "typeof(null())", result: "Invalid" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let written_as_text = call.argument(0)?.as_literal_text().is_some();
    let key = if written_as_text { "text" } else { "" };
    call.row(key, Type::Text, move |row| {
        Cell::text(match Kind::of(row.cell(0), written_as_text) {
            Kind::Integer | Kind::Double => "Number",
            Kind::Text => "String",
            Kind::Boolean => "Bool",
            Kind::None => "Invalid",
        })
    })
}
