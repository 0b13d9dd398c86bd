use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "like",
        usage: "like(text, pattern)",
        summary: "Whether the whole text fits the pattern, in its own case: `%` stands for any characters, `_` for one.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"like("splunkd.exe", "%.exe")"#, result: "true" },
            Example { query: r#"like("splunkd.EXE", "%.exe")"#, result: "false" },
            Example { query: r#"like("abc", "a_c")"#, result: "true" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(crate::expression::like(call.argument(0)?, call.argument(1)?))
}
