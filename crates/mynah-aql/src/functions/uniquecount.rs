use super::{Aggregated, Function, Grouped, Kind};
use datafusion::functions_aggregate::expr_fn::count_distinct;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "UNIQUECOUNT",
        usage: "UNIQUECOUNT(value)",
        summary: "How many different values the events of a group have.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"UNIQUECOUNT(sourceip)"#, result: r#"1.0"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(uniquecount),
};

fn uniquecount(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    Ok(Aggregated::count(count_distinct(grouped.value()?.expr)))
}
