use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "tanh",
        usage: "tanh(number)",
        summary: "The hyperbolic tangent; angles are in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "tanh(0)", result: "0" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::tanh)))
}
