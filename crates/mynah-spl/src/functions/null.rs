use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "null",
        usage: "null()",
        summary: "No value.",
        page: super::page::CONDITIONAL,
        examples: &[Example { query: "null()", result: "null" }, Example { query: "isnull(null())", result: "true" }],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let _ = call;
    Ok(Typed::null())
}
