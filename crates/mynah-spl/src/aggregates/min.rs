use super::extreme::extreme;
use super::prelude::*;
use crate::expression::null_of;
use datafusion::functions_aggregate;
use std::cmp::Ordering;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "min",
        usage: "min(field)",
        summary: "The least value: numbers by their value, and texts, which are greater, by their characters.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "min(n)", result: "1" }, Example { query: "min(x)", result: "a" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value()? {
        Typed { expr, ty: Type::Number } => Ok(Aggregate::plain(functions_aggregate::min_max::min(expr), Type::Number)),
        Typed { ty: Type::Null, .. } => {
            Ok(Aggregate::plain(functions_aggregate::min_max::min(null_of(Type::Text)), Type::Text))
        }
        value => Ok(Aggregate::plain(extreme("spl_min", value, Ordering::is_lt), Type::Text)),
    }
}
