use super::ordered::{first, reversed};
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "last",
        usage: "last(field)",
        summary: "The value of the last row that has one, in the order of the rows: of events the newest comes first.",
        page: super::page::ORDER,
        examples: &[Example { query: "last(n)", result: "1" }, Example { query: "last(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.value()?;
    let ty = if value.ty == Type::Null { Type::Text } else { value.ty };
    Ok(Aggregate::plain(first(value.into_type(ty), ty, &reversed(call.order)), ty))
}
