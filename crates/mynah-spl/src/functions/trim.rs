use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "trim",
        usage: "trim(text [, characters])",
        summary: "The text without these characters (by default spaces and tabs) at both ends.",
        page: super::page::TEXT,
        examples: &[Example { query: r#"trim("zz abc z", "z ")"#, result: "abc" }],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        let Some(value) = row.text(0) else { return Cell::Null };
        let characters = if row.len() > 1 { row.text(1) } else { Some(" \t".into()) };
        text(characters.map(|characters| value.trim_matches(|c| characters.contains(c)).to_owned()))
    })
}
