use super::kind::Kind;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "isnum",
        usage: "isnum(value)",
        summary: "Whether the value is a number, as far as it looks like one; a text in quotes never is.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: "isnum(1.5)", result: "true" },
            Example { query: r#"isnum("1.5")"#, result: "false" },
            Example { query: "isnum(null())", result: "false" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let written_as_text = call.argument(0)?.as_literal_text().is_some();
    let key = if written_as_text { "text" } else { "" };
    call.row(key, Type::Boolean, move |row| {
        Cell::Boolean(matches!(Kind::of(row.cell(0), written_as_text), Kind::Integer | Kind::Double))
    })
}
