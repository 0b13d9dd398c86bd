use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "STDEV",
        usage: "STDEV(number)",
        summary: "The standard deviation of the values as a sample; no value for fewer than two.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"STDEV(4)"#, result: r#"null"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(stdev),
};

fn stdev(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::number(expr_fn::stddev(to_float(&grouped.value()?))))
}
