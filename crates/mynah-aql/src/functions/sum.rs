use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "SUM",
        usage: "SUM(number)",
        summary: "The sum of the values. A text counts as the number it holds.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"SUM(2 + 3)"#, result: r#"5.0"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(sum),
};

fn sum(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::number(expr_fn::sum(to_float(&grouped.value()?))))
}
