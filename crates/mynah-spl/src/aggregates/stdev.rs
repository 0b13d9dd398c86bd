use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "stdev",
        usage: "stdev(field)",
        summary: "The standard deviation of the values that are numbers, as of a sample; 0 of a single one.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "stdev(n)", result: "1.2909944487358056" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(figure("spl_stdev", call.value()?, |moments| moments.sample_variance().sqrt()), Type::Number))
}
