use super::ordered::first;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "earliest",
        usage: "earliest(field)",
        summary: "The value of the oldest event that has one, by `_time`.",
        page: super::page::TIME,
        examples: &[Example { query: "earliest(n)", result: "1" }, Example { query: "earliest(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.value()?;
    let ty = if value.ty == Type::Null { Type::Text } else { value.ty };
    Ok(Aggregate::plain(first(value.into_type(ty), ty, &call.earliest()), ty))
}
