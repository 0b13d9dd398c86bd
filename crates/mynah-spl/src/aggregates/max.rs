use super::extreme::extreme;
use super::prelude::*;
use crate::expression::null_of;
use datafusion::functions_aggregate;
use std::cmp::Ordering;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "max",
        usage: "max(field)",
        summary: "The greatest value: numbers by their value, and texts, which are greater, by their characters.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "max(n)", result: "4" }, Example { query: "max(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value()? {
        Typed { expr, ty: Type::Number } => Ok(Aggregate::plain(functions_aggregate::min_max::max(expr), Type::Number)),
        Typed { ty: Type::Null, .. } => {
            Ok(Aggregate::plain(functions_aggregate::min_max::max(null_of(Type::Text)), Type::Text))
        }
        value => Ok(Aggregate::plain(extreme("spl_max", value, Ordering::is_gt), Type::Text)),
    }
}
