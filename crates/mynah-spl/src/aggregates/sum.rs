use super::moments::figure;
use super::prelude::*;
use datafusion::functions_aggregate;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sum",
        usage: "sum(field)",
        summary: "The sum of the values that are numbers; null if none is.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "sum(n)", result: "10" }, Example { query: "sum(x)", result: "null" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value()? {
        value @ Typed { ty: Type::Multi, .. } => {
            Ok(Aggregate::plain(figure("spl_sum", value, |moments| moments.sum), Type::Number))
        }
        value => Ok(Aggregate::plain(functions_aggregate::sum::sum(value.into_number()), Type::Number)),
    }
}
