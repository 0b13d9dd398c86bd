use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "lower",
        usage: "lower(text)",
        summary: "The text in lower case; of several values each.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"lower("Ab1")"#, result: "ab1" },
            Example { query: r#"lower(split("A,b", ","))"#, result: r#"["a","b"]"# },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| text(row.text(0).map(|text| text.to_lowercase())))
}
