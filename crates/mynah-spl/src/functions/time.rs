use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "time",
        usage: "time()",
        summary: "The moment, in seconds since 1970 with fraction: the clock of the run, so that a search over the same data gives the same result.",
        page: super::page::TIME,
        examples: &[Example { query: "time()", result: "1773489600" }],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Typed::number((call.context.now)().seconds()))
}
