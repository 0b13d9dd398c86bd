use super::elementwise;
use super::prelude::*;
use crate::expression::ExpressionKind;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvmap",
        usage: "mvmap(field, expression)",
        summary: "What the expression gives for each value of the field, which it names; null gives none.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: r#"mvmap(x, x . "!")"#, result: "null" }],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let (Some(field), Some(body)) = (call.arguments.first(), call.arguments.get(1)) else { return Ok(Typed::null()) };
    let ExpressionKind::Field(name) = &field.kind else {
        return Err(call.error(0, "the first argument of `mvmap` is a field, which the expression can then name"));
    };
    elementwise::map(call, name, body)
}
