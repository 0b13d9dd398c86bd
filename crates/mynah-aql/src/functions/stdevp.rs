use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "STDEVP",
        usage: "STDEVP(number)",
        summary: "The standard deviation of the values as the whole population.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"STDEVP(4)"#, result: r#"0.0"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(stdevp),
};

fn stdevp(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::number(expr_fn::stddev_pop(to_float(&grouped.value()?))))
}
