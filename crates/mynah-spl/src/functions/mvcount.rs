use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvcount",
        usage: "mvcount(values)",
        summary: "How many values there are; null where there is none.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mvcount(split("a,b", ","))"#, result: "2" },
            Example { query: r#"mvcount("a")"#, result: "1" },
            Example { query: "mvcount(null())", result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| match row.values(0).len() {
        0 => Cell::Null,
        count => Cell::Float(count as f64),
    })
}
