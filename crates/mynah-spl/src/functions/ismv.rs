use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "ismv",
        usage: "ismv(value)",
        summary: "Whether there are several values.",
        page: super::page::INFORMATIONAL,
        examples: &[
            Example { query: r#"ismv(split("a,b", ","))"#, result: "true" },
            Example { query: r#"ismv(split("a", ","))"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Boolean, |row| Cell::Boolean(row.values(0).len() > 1))
}
