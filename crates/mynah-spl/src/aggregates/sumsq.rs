use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sumsq",
        usage: "sumsq(field)",
        summary: "The sum of the squares of the values that are numbers.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "sumsq(n)", result: "30" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(figure("spl_sumsq", call.value()?, |moments| moments.sum_of_squares), Type::Number))
}
