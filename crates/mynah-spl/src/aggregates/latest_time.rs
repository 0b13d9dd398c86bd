use super::prelude::*;
use crate::expression::case;
use datafusion::functions_aggregate;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "latest_time",
        usage: "latest_time(field)",
        summary: "The time, in seconds since 1970, of the newest event in which the field has a value.",
        page: super::page::TIME,
        examples: &[Example { query: "latest_time(x)", result: "40" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.value()?;
    let time = case(vec![(value.expr.is_not_null(), call.time())], None, Type::Number);
    Ok(Aggregate::plain(functions_aggregate::min_max::max(time), Type::Number))
}
