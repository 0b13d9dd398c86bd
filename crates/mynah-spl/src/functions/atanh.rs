use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "atanh",
        usage: "atanh(number)",
        summary: "The inverse hyperbolic tangent; angles are in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "atanh(0)", result: "0" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::atanh)))
}
