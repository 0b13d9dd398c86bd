use super::kind::Kind;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "isint",
        usage: "isint(value)",
        summary: "Whether the value is a whole number.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: "isint(3)", result: "true" },
            Example { query: "isint(3.5)", result: "false" },
            Example { query: r#"isint("a")"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let written_as_text = call.argument(0)?.as_literal_text().is_some();
    let key = if written_as_text { "text" } else { "" };
    call.row(key, Type::Boolean, move |row| Cell::Boolean(Kind::of(row.cell(0), written_as_text) == Kind::Integer))
}
