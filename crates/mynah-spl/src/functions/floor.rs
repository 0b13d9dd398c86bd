use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "floor",
        usage: "floor(number)",
        summary: "The next whole number down.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "floor(1.9)", result: "1" }, Example { query: "floor(-1.1)", result: "-2" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::floor)))
}
