use super::ordered::first;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "first",
        usage: "first(field)",
        summary: "The value of the first row that has one, in the order of the rows: of events the newest comes first.",
        page: super::page::ORDER,
        examples: &[Example { query: "first(n)", result: "4" }, Example { query: "first(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.value()?;
    let ty = if value.ty == Type::Null { Type::Text } else { value.ty };
    Ok(Aggregate::plain(first(value.into_type(ty), ty, call.order), ty))
}
