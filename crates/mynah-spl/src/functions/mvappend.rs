use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvappend",
        usage: "mvappend(value, ...)",
        summary: "All values of all arguments, one behind the other; null adds none.",
        page: super::page::MULTIVALUE,
        examples: &[Example {
            query: r#"mvappend("a", split("b,c", ","), null(), 1)"#,
            result: r#"["a","b","c","1"]"#,
        }],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        Cell::texts((0..row.len()).flat_map(|index| row.values(index)).map(|value| value.into_owned()))
    })
}
