use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "pow",
        usage: "pow(number, exponent)",
        summary: "The number to the power of the exponent.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "pow(2, 10)", result: "1024" }, Example { query: "pow(-1, 0.5)", result: "null" }],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| match (row.number(0), row.number(1)) {
        (Some(base), Some(exponent)) => number(Some(base.powf(exponent))),
        _ => Cell::Null,
    })
}
