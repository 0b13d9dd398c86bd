use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "atan",
        usage: "atan(number)",
        summary: "The arc tangent; angles are in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "atan(0)", result: "0" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::atan)))
}
