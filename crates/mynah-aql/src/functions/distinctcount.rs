use super::{Aggregated, Function, Grouped, Kind};
use datafusion::functions_aggregate::expr_fn::count_distinct;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "DISTINCTCOUNT",
        usage: "DISTINCTCOUNT(value)",
        summary: "How many different values the events of a group have. QRadar estimates the number; here it is exact.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"DISTINCTCOUNT(sourceip)"#, result: r#"1.0"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(distinctcount),
};

fn distinctcount(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::count(count_distinct(grouped.value()?.expr)))
}
