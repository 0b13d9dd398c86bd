use super::prelude::*;
use crate::expression::{case, null_of, one_of};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "nullif",
        usage: "nullif(value, other)",
        summary: "Null where the two are equal, else the first.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"nullif("a", "a")"#, result: "null" },
            Example { query: r#"nullif("a", "b")"#, result: "a" },
            Example { query: "nullif(1, null())", result: "1" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let (value, other) = (call.argument(0)?, call.argument(1)?);
    let ty = value.ty;
    let equal = one_of(value.clone(), vec![(other, call.span_of(1))], call.span)?.expr;
    Ok(Typed::new(case(vec![(equal, null_of(ty))], Some(value.expr), ty), ty))
}
