use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvsort",
        usage: "mvsort(values)",
        summary: "The values in the order of their characters, numbers too: 10 comes before 9.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: r#"mvsort(split("b,a,10,9", ","))"#, result: r#"["10","9","a","b"]"# }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let mut values = row.values(0);
        values.sort();
        Cell::texts(values.into_iter().map(|value| value.into_owned()))
    })
}
