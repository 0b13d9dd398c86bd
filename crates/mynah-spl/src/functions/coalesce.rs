use super::prelude::*;
use crate::expression::{case, unify};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "coalesce",
        usage: "coalesce(value, ...)",
        summary: "The first argument that is not null. An empty text is a value.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"coalesce(null(), "", "x")"#, result: "" },
            Example { query: "coalesce(null(), 3)", result: "3" },
            Example { query: "coalesce(null())", result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let values = call.all()?;
    let ty = unify(values.iter().map(|value| value.ty));
    let branches = values
        .into_iter()
        .filter(|value| value.ty != Type::Null)
        .map(|value| {
            let value = value.into_type(ty);
            (value.clone().is_not_null(), value)
        })
        .collect();
    Ok(Typed::new(case(branches, None, ty), ty))
}
