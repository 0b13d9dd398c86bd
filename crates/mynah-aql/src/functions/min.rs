use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "MIN",
        usage: "MIN(value)",
        summary: "The least value: of numbers as a number with a fraction, of texts by their characters.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"MIN(5)"#, result: r#"5.0"# }, Example { query: r#"MIN('b')"#, result: r#"b"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(min),
};

fn min(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    let value = grouped.value()?;
    if value.ty.is_number() {
        return Ok(Aggregated::number(expr_fn::min(to_float(&value))));
    }
    Ok(Aggregated::same(expr_fn::min(value.expr), value.ty))
}
