use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvreverse",
        usage: "mvreverse(values)",
        summary: "The values, the last one first.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: r#"mvreverse(split("a,b,c", ","))"#, result: r#"["c","b","a"]"# }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| Cell::texts(row.values(0).into_iter().rev().map(|value| value.into_owned())))
}
