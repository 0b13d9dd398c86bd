use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "stdevp",
        usage: "stdevp(field)",
        summary: "The standard deviation of the values that are numbers, as of a whole population.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "stdevp(n)", result: "1.118033988749895" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(
        figure("spl_stdevp", call.value()?, |moments| moments.population_variance().sqrt()),
        Type::Number,
    ))
}
