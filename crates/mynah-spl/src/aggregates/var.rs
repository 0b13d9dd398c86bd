use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "var",
        usage: "var(field)",
        summary: "The variance of the values that are numbers, as of a sample; 0 of a single one.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "var(n)", result: "1.6666666666666667" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(figure("spl_var", call.value()?, |moments| moments.sample_variance()), Type::Number))
}
