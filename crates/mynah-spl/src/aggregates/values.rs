use super::distinct;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "values",
        usage: "values(field)",
        summary: "The distinct values, in the order of their characters.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: "values(x)", result: "[\"a\",\"b\"]" },
            Example { query: "values(n)", result: "[\"1\",\"2\",\"3\",\"4\"]" },
        ],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(distinct::values(call.value()?), Type::Multi))
}
