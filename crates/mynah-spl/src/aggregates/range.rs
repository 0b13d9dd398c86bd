use super::moments::figure;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "range",
        usage: "range(field)",
        summary: "The difference between the greatest and the least of the values that are numbers.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "range(n)", result: "3" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(figure("spl_range", call.value()?, |moments| moments.greatest - moments.least), Type::Number))
}
