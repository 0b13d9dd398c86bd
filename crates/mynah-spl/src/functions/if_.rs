use super::prelude::*;
use crate::expression::{case, unify};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "if",
        usage: "if(condition, value, other)",
        summary: "The second argument where the condition is true, else the third: where it is false or null.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"if(1=1, "yes", "no")"#, result: "yes" },
            Example { query: r#"if(null()=1, "yes", "no")"#, result: "no" },
            Example { query: r#"if(1=2, 1, "x")"#, result: "x" },
        ],
    },
    aliases: &[],
    arguments: (3, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let (value, other) = (call.argument(1)?, call.argument(2)?);
    let ty = unify([value.ty, other.ty]);
    Ok(Typed::new(case(vec![(call.condition(0)?, value.into_type(ty))], Some(other.into_type(ty)), ty), ty))
}
