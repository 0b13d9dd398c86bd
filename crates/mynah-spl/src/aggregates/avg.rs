use super::moments::figure;
use super::prelude::*;
use datafusion::functions_aggregate;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "avg",
        usage: "avg(field)",
        summary: "The mean of the values that are numbers; null if none is.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "avg(n)", result: "2.5" }, Example { query: "avg(x)", result: "null" }],
    },
    aliases: &["mean"],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    match call.value()? {
        value @ Typed { ty: Type::Multi, .. } => {
            Ok(Aggregate::plain(figure("spl_avg", value, |moments| moments.sum / moments.count), Type::Number))
        }
        value => Ok(Aggregate::plain(functions_aggregate::average::avg(value.into_number()), Type::Number)),
    }
}
