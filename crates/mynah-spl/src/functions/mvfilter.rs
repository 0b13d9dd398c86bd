use super::elementwise;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvfilter",
        usage: "mvfilter(condition)",
        summary: "The values of the one field that the condition names for which it is true.",
        page: super::page::MULTIVALUE,
        examples: &[Example { query: r#"mvcount(mvfilter(match(x, "a")))"#, result: "null" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let Some(condition) = call.arguments.first() else { return Ok(Typed::null()) };
    let names: Vec<String> = condition.names().into_iter().collect();
    let [field] = names.as_slice() else {
        return Err(
            call.error(0, format!("the condition of `mvfilter` may name one field, and this names {}", names.len()))
        );
    };
    elementwise::filter(call, field, condition)
}
