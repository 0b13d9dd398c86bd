use super::{Aggregated, Function, Grouped, Kind};
use crate::plan::to_float;
use datafusion::functions_aggregate::expr_fn;
use mynah_dialect::{Example, FunctionDoc};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "MAX",
        usage: "MAX(value)",
        summary: "The greatest value: of numbers as a number with a fraction, of texts by their characters.",
        page: super::AGGREGATION,
        examples: &[Example { query: r#"MAX(5)"#, result: r#"5.0"# }, Example { query: r#"MAX('b')"#, result: r#"b"# }],
    },
    arity: (1, 1),
    kind: Kind::Aggregate(max),
};

fn max(grouped: Grouped<'_>) -> Result<Aggregated, String> {
    let value = grouped.value()?;
    if value.ty.is_number() {
        return Ok(Aggregated::number(expr_fn::max(to_float(&value))));
    }
    Ok(Aggregated::same(expr_fn::max(value.expr), value.ty))
}
