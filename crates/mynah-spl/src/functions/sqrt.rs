use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sqrt",
        usage: "sqrt(number)",
        summary: "The square root; null of a negative number.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "sqrt(9)", result: "3" }, Example { query: "sqrt(-1)", result: "null" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::sqrt)))
}
