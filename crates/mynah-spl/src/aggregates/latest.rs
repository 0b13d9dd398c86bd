use super::ordered::first;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "latest",
        usage: "latest(field)",
        summary: "The value of the newest event that has one, by `_time`.",
        page: super::page::TIME,
        examples: &[Example { query: "latest(n)", result: "4" }, Example { query: "latest(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.value()?;
    let ty = if value.ty == Type::Null { Type::Text } else { value.ty };
    Ok(Aggregate::plain(first(value.into_type(ty), ty, &call.latest()), ty))
}
