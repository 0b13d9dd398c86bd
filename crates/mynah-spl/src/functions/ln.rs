use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "ln",
        usage: "ln(number)",
        summary: "The natural logarithm; null of what has none.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "ln(1)", result: "0" }, Example { query: "ln(-1)", result: "null" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::ln)))
}
