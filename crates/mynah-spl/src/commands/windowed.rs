//! Aggregates that every row gets, and no group is made: `eventstats`, `streamstats`.
use crate::aggregates::{Aggregate, AggregateCall};
use crate::expression::{Type, Typed, case};
use crate::plan::{Planner, Rows};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{ExprFunctionExt, SortExpr, WindowFrame, WindowFunctionDefinition, and};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_syntax::Diagnostic;

/// The rows with the calls' results over each row's group and frame. Rows that lack a field of `by` get none.
///
/// # Errors
/// Where a call cannot be lowered.
pub(super) fn with_aggregates(
    rows: Rows,
    by: &[String],
    calls: &[AggregateCall],
    order: &[SortExpr],
    frame: WindowFrame,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let calls = super::aggregation::expand(calls, &rows, by);
    let lowered = super::aggregation::lowered(&calls, &rows, planner)?;
    let groups: Vec<Expr> = by
        .iter()
        .map(|name| rows.column(name))
        .filter(|typed| typed.ty != Type::Null)
        .map(|typed| typed.expr)
        .collect();
    let complete = groups.iter().map(|group| group.clone().is_not_null()).reduce(and);
    // A field that no row has makes groups of none.
    let complete = if groups.len() < by.len() { Some(lit(false)) } else { complete };
    let mut windows = Vec::with_capacity(lowered.len());
    for (_, hidden, aggregate) in &lowered {
        windows.push(window(aggregate, &groups, order, frame.clone(), planner)?.alias(hidden));
    }
    let rows = rows.map_plan(planner, |plan| plan.window(windows))?;
    let mut columns = Vec::with_capacity(lowered.len());
    for (name, hidden, aggregate) in lowered {
        let value = aggregate.value(column(&hidden));
        let value = match &complete {
            Some(complete) => case(vec![(complete.clone(), value)], None, aggregate.ty),
            None => value,
        };
        columns.push((name, Typed { expr: value, ty: aggregate.ty }));
    }
    rows.with(columns, planner)
}

/// The aggregate's call as a window function.
fn window(
    aggregate: &Aggregate,
    groups: &[Expr],
    order: &[SortExpr],
    frame: WindowFrame,
    planner: &Planner<'_>,
) -> Result<Expr, Diagnostic> {
    let changed = aggregate.window_call().transform_down(|expr| {
        let Expr::AggregateFunction(AggregateFunction { func, params }) = expr else {
            return Ok(Transformed::no(expr));
        };
        let call = WindowFunction::new(WindowFunctionDefinition::AggregateUDF(func), params.args);
        let mut builder = Expr::from(call).partition_by(groups.to_vec());
        if !order.is_empty() {
            builder = builder.order_by(order.to_vec());
        }
        if let Some(filter) = params.filter {
            builder = builder.filter(*filter);
        }
        if params.distinct {
            builder = builder.distinct();
        }
        if let Some(nulls) = params.null_treatment {
            builder = builder.null_treatment(nulls);
        }
        builder = builder.window_frame(frame.clone());
        Ok(Transformed::new(builder.build()?, true, datafusion::common::tree_node::TreeNodeRecursion::Jump))
    });
    changed.map(|changed| changed.data).map_err(|error| planner.failed(&error))
}
