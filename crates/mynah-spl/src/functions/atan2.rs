use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "atan2",
        usage: "atan2(y, x)",
        summary: "The angle of the point (x, y), in radians.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "atan2(0, 1)", result: "0" }],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| match (row.number(0), row.number(1)) {
        (Some(y), Some(x)) => number(Some(y.atan2(x))),
        _ => Cell::Null,
    })
}
