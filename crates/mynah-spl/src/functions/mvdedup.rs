use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvdedup",
        usage: "mvdedup(values)",
        summary: "The values, each once, in the order in which they first come.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: r#"mvdedup(split("b,a,b", ","))"#, result: r#"["b","a"]"# }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let mut seen = std::collections::HashSet::new();
        Cell::texts(
            row.values(0).into_iter().filter(|value| seen.insert(value.to_string())).map(|value| value.into_owned()),
        )
    })
}
