use super::elementwise;
use super::prelude::*;

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
    let (Some(values), Some(body)) = (call.arguments.first(), call.arguments.get(1)) else { return Ok(Typed::null()) };
    // `mvmap(mvindex(x, 0, 1), x . "!")`: inside the expression the field is one of the values.
    let names: Vec<String> = values.names().into_iter().collect();
    let [field] = names.as_slice() else {
        return Err(call.error(0, "the first argument of `mvmap` names one field, which the expression can then name"));
    };
    elementwise::map(call, field, body)
}
