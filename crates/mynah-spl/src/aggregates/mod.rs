//! The statistical functions of `stats` and its relatives: parsing a call, and lowering it to a
//! DataFusion aggregate.
//!
//! The examples of their documentation are over four events, the newest first, of which the last has no
//! `x`: `x` is b, a, b; `n` is 4, 3, 2, 1; `_time` is 40, 30, 20, 10.
//!
//! ```
//! use mynah_spl::aggregates::AggregateCall;
//! let (call, end) = AggregateCall::parse_prefix("dc(user) as users by host", 0).unwrap();
//! assert_eq!((call.function.node.as_str(), call.output_name().as_str(), end), ("dc", "users", 17));
//! ```

mod call;
mod figures;
mod fold;
mod functions;
mod lower;
mod ordered;

pub use call::{AggregateCall, Argument, Sparkline};
pub(crate) use figures::Figure;
pub(crate) use functions::COUNT_VALUES;
pub(crate) use lower::is_function;
pub use lower::{Aggregate, docs, lower};

/// The distinct values of an expression over all rows, as a list.
pub(crate) fn values(value: crate::expression::Typed) -> datafusion::prelude::Expr {
    fold::Folding::Values.aggregate(vec![value.expr]).call
}

/// All values of an expression, in an order of the rows.
pub(crate) fn all_values(
    value: crate::expression::Typed,
    order: &[datafusion::logical_expr::SortExpr],
) -> datafusion::prelude::Expr {
    ordered::list(value.into_multi(), order, usize::MAX)
}

/// All values of a field of several, as the result of a call.
pub(crate) fn gathered(values: crate::expression::Typed) -> Aggregate {
    let ty = crate::expression::Type::Multi;
    Aggregate::plain(ordered::list(values.into_multi(), &[], usize::MAX), ty)
}

/// Adds what plans call.
pub(crate) fn register(registry: &mut mynah_kernels::Registry) {
    registry.aggregate::<fold::Folding>().aggregate::<ordered::Ordered>();
}

#[cfg(test)]
mod tests;
