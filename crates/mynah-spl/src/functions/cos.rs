use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "cos",
        usage: "cos(number)",
        summary: "The cosine; angles are in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "cos(0)", result: "1" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::cos)))
}
