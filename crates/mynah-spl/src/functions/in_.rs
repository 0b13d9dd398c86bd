use super::prelude::*;
use crate::expression::one_of;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "in",
        usage: "in(value, item, ...)",
        summary: "Whether the value equals one of the items: in their own case, without wildcards.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"in("b", "a", "b")"#, result: "true" },
            Example { query: r#"in("B", "a", "b")"#, result: "false" },
            Example { query: r#"in(404, "404", "500")"#, result: "true" },
        ],
    },
    aliases: &[],
    arguments: (2, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let mut list = Vec::new();
    for index in 1..call.arguments.len() {
        list.push((call.argument(index)?, call.span_of(index)));
    }
    one_of(call.argument(0)?, list, call.span)
}
