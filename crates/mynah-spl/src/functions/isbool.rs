use super::kind::Kind;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "isbool",
        usage: "isbool(value)",
        summary: "Whether the value is a truth value.",
        page: super::page::INFORMATIONAL,
        examples: &[Example { query: "isbool(1=1)", result: "true" }, Example { query: "isbool(1)", result: "false" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let written_as_text = call.argument(0)?.as_literal_text().is_some();
    let key = if written_as_text { "text" } else { "" };
    call.row(key, Type::Boolean, move |row| Cell::Boolean(Kind::of(row.cell(0), written_as_text) == Kind::Boolean))
}
