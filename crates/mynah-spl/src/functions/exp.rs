use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "exp",
        usage: "exp(number)",
        summary: "e to the power of the number.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "exp(0)", result: "1" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::exp)))
}
