use super::{Aggregated, Function, Grouped, Kind};
use datafusion::functions_aggregate::expr_fn::first_value;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "FIRST",
        usage: "FIRST(value)",
        summary: "The value of a group's earliest event. What a grouping query selects without grouping or aggregating it is taken so too.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"FIRST(username)"#, result: r#"alice"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(first),
};

fn first(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    let order = grouped.order.to_vec();
    let value = grouped.value()?;
    Ok(Aggregated::same(first_value(value.expr, order), value.ty))
}
