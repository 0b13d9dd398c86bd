use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "hypot",
        usage: "hypot(x, y)",
        summary: "The length of the hypotenuse of a right triangle with these sides.",
        page: super::page::TRIGONOMETRIC,
        examples: &[Example { query: "hypot(3, 4)", result: "5" }],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| match (row.number(0), row.number(1)) {
        (Some(x), Some(y)) => number(Some(x.hypot(y))),
        _ => Cell::Null,
    })
}
