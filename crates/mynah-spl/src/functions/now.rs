use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "now",
        usage: "now()",
        summary: "The moment the search runs, in seconds since 1970: the clock of the run.",
        page: super::page::TIME,
        examples: &[
            Example { query: "now()", result: "1773489600" },
            Example { query: r#"strftime(now(), "%F %T")"#, result: "2026-03-14 12:00:00" },
        ],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Typed::number((call.context.now)().seconds().floor()))
}
