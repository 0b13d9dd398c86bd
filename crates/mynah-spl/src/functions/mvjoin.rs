use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvjoin",
        usage: "mvjoin(values, delimiter)",
        summary: "The values as one text, with the delimiter between them.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mvjoin(split("a,b", ","), " OR ")"#, result: "a OR b" },
            Example { query: r#"mvjoin("a", ",")"#, result: "a" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let (values, delimiter) = (row.values(0), row.text(1));
        match delimiter {
            Some(delimiter) if !values.is_empty() => Cell::text(values.join(delimiter.as_ref())),
            _ => Cell::Null,
        }
    })
}
