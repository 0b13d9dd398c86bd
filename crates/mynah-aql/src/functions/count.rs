use super::{Aggregated, Function, Grouped, Kind};
use datafusion::functions_aggregate::expr_fn;
use datafusion::prelude::lit;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "COUNT",
        usage: "COUNT(*), COUNT(value), COUNT(DISTINCT value)",
        summary: "How many events a group has, or how many of them have a value, or how many different values they have. A number with a fraction, as QRadar's aggregates are.",
        page: super::AGGREGATION,
        examples: &[
            Example { query: r#"COUNT(*)"#, result: r#"1.0"# },
            Example { query: r#"COUNT(NULL)"#, result: r#"0.0"# },
            Example { query: r#"COUNT(DISTINCT username)"#, result: r#"1.0"# },
        ],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(count),
};

fn count(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    let count = match (grouped.argument, grouped.distinct) {
        (None, false) => expr_fn::count(lit(1_i64)),
        (None, true) => return Err("COUNT takes DISTINCT only with a value".into()),
        (Some(value), false) => expr_fn::count(value.expr),
        (Some(value), true) => expr_fn::count_distinct(value.expr),
    };
    Ok(Aggregated::count(count))
}
