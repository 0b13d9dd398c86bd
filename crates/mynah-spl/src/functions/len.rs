use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "len",
        usage: "len(text)",
        summary: "How many characters the text has; null for several values.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"len("größe")"#, result: "5" },
            Example { query: r#"len("")"#, result: "0" },
            Example { query: "length(1234)", result: "4" },
        ],
    },
    aliases: &["length"],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| match row.values(0).as_slice() {
        [one] => Cell::Float(one.chars().count() as f64),
        _ => Cell::Null,
    })
}
