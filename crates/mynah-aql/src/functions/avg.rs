use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "AVG",
        usage: "AVG(number)",
        summary: "The mean of the values.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"AVG(4)"#, result: r#"4.0"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(avg),
};

fn avg(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::number(expr_fn::avg(to_float(&grouped.value()?))))
}
