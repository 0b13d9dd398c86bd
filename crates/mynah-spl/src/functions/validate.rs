use super::prelude::*;
use crate::expression::{case, unify};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "validate",
        usage: "validate(condition, value, ...)",
        summary: "The value behind the first condition that is false; null if none is. The opposite of `case`.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"validate(1=1, "a", 2=3, "b")"#, result: "b" },
            Example { query: r#"validate(1=1, "a")"#, result: "null" },
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
            "`validate` takes pairs of a condition and a value; this condition has no value",
        ));
    }
    let mut pairs = Vec::new();
    for index in (0..call.arguments.len()).step_by(2) {
        pairs.push((call.condition(index)?.is_false(), call.argument(index + 1)?));
    }
    let ty = unify(pairs.iter().map(|(_, value)| value.ty));
    Ok(Typed::new(
        case(pairs.into_iter().map(|(condition, value)| (condition, value.into_type(ty))).collect(), None, ty),
        ty,
    ))
}
