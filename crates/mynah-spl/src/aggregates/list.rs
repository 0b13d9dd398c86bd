use super::ordered::list;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "list",
        usage: "list(field)",
        summary: "The values of all rows, in the order of the rows, the first 100 of them.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: "list(x)", result: "[\"b\",\"a\",\"b\"]" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(list(call.value()?.into_multi(), call.order, 100), Type::Multi))
}
