use super::numbers::at_rank;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "median",
        usage: "median(field)",
        summary: "The middle one of the values that are numbers; of an even number of them the higher of the two in the middle.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "median(n)", result: "3" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    Ok(Aggregate::plain(at_rank("spl_median".to_owned(), call.value()?, |count| count / 2), Type::Number))
}
