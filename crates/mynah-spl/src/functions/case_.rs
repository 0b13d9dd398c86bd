use super::prelude::*;
use crate::expression::{case, unify};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "case",
        usage: "case(condition, value, ...)",
        summary: "The value behind the first condition that is true; null if none is.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"case(1=2, "a", 2=2, "b", true(), "c")"#, result: "b" },
            Example { query: r#"case(1=2, "a")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if call.arguments.len() % 2 == 1 {
        return Err(call.error(
            call.arguments.len() - 1,
            "`case` takes pairs of a condition and a value; this condition has no value",
        ));
    }
    let mut pairs = Vec::new();
    for index in (0..call.arguments.len()).step_by(2) {
        pairs.push((call.condition(index)?, call.argument(index + 1)?));
    }
    let ty = unify(pairs.iter().map(|(_, value)| value.ty));
    Ok(Typed::new(
        case(pairs.into_iter().map(|(condition, value)| (condition, value.into_type(ty))).collect(), None, ty),
        ty,
    ))
}
