use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "true",
        usage: "true()",
        summary: "The truth value true.",
        page: super::page::CONDITIONAL,
        examples: &[Example { query: "true()", result: "true" }],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let _ = call;
    Ok(Typed::boolean(datafusion::prelude::lit(true)))
}
