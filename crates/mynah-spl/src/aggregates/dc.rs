use super::distinct;
use super::prelude::*;
use crate::expression::null_of;
use datafusion::functions_aggregate;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "dc",
        usage: "dc(field)",
        summary: "The number of distinct values.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "dc(x)", result: "2" }, Example { query: "dc(n)", result: "4" }],
    },
    aliases: &["distinct_count", "estdc"],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value()? {
        value @ Typed { ty: Type::Multi, .. } => Ok(Aggregate::plain(distinct::count(value), Type::Number)),
        Typed { ty: Type::Null, .. } => {
            Ok(Aggregate::counting(functions_aggregate::count::count_distinct(null_of(Type::Number))))
        }
        value => Ok(Aggregate {
            over_window: Some(distinct::count(value.clone())),
            ..Aggregate::counting(functions_aggregate::count::count_distinct(value.expr))
        }),
    }
}
