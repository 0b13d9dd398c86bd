use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "varp",
        usage: "varp(field)",
        summary: "The variance of the values that are numbers, as of a whole population.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "varp(n)", result: "1.25" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(figure("spl_varp", call.value()?, |moments| moments.population_variance()), Type::Number))
}
