use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "acos",
        usage: "acos(number)",
        summary: "The arc cosine; angles are in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "acos(1)", result: "0" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::acos)))
}
