use super::{Aggregated, Function, Grouped, Kind};
use datafusion::functions_aggregate::expr_fn::last_value;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "LAST",
        usage: "LAST(value)",
        summary: "The value of a group's latest event.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"LAST(username)"#, result: r#"alice"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(last),
};

fn last(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    let order = grouped.order.to_vec();
    let value = grouped.value()?;
    Ok(Aggregated::same(last_value(value.expr, order), value.ty))
}
