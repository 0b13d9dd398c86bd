use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "false",
        usage: "false()",
        summary: "The truth value false.",
        page: super::page::CONDITIONAL,
        examples: &[Example { query: "false()", result: "false" }],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let _ = call;
    Ok(Typed::boolean(datafusion::prelude::lit(false)))
}
