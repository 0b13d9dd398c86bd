use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "upper",
        usage: "upper(text)",
        summary: "The text in upper case; of several values each.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"upper("Ab1")"#, result: "AB1" },
            Example { query: r#"upper(split("A,b", ","))"#, result: r#"["A","B"]"# },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| text(row.text(0).map(|text| text.to_uppercase())))
}
