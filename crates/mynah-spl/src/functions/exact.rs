use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "exact",
        usage: "exact(expression)",
        summary: "The expression itself: numbers are never rounded here.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "exact(3.14 * 2)", result: "6.28" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.argument(0)
}
