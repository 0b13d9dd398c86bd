//! What every row gets of the rows about it, and no group is made.
use super::arguments::unsupported;
use crate::aggregates::{Aggregate, AggregateCall};
use crate::expression::{Type, Typed, case};
use crate::plan::{Planner, Rows};
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::functions::expr_fn::coalesce;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{
    AggregateUDF, ExprFunctionExt, Operator, SortExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition, and, binary_expr,
};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{any_of, column};
use mynah_syntax::Diagnostic;
use std::sync::Arc;

/// Over which rows something is calculated for a row.
#[derive(Default)]
pub(super) struct Over {
    /// Rows of one group have these expressions in common, beside the fields of `by`.
    pub groups: Vec<Expr>,
    pub order: Vec<SortExpr>,
    pub frame: Option<WindowFrame>,
}

/// The rows with the calls' results over each row's group and frame. Rows that lack a field of `by` get none.
///
/// # Errors
/// Where a call cannot be lowered.
pub(super) fn with_aggregates(
    rows: Rows,
    by: &[String],
    calls: &[AggregateCall],
    over: &Over,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let calls = super::aggregation::expand(calls, &rows, by);
    if let Some(call) = calls.iter().find(|call| call.sparkline.is_some()) {
        return Err(unsupported("a sparkline that no group of rows has", call.span)
            .with_help("Splunk draws them in `stats` and `chart`"));
    }
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
    let groups: Vec<Expr> = groups.into_iter().chain(over.groups.iter().cloned()).collect();
    let mut windows = Vec::with_capacity(lowered.len());
    for (_, hidden, aggregate) in &lowered {
        windows.push(window(aggregate, &groups, over, planner)?.alias(hidden));
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
fn window(aggregate: &Aggregate, groups: &[Expr], over: &Over, planner: &Planner<'_>) -> Result<Expr, Diagnostic> {
    let changed = aggregate.window_call().transform_down(|expr| {
        let Expr::AggregateFunction(AggregateFunction { func, params }) = expr else {
            return Ok(Transformed::no(expr));
        };
        let call = WindowFunction::new(WindowFunctionDefinition::AggregateUDF(func), params.args);
        let mut builder = Expr::from(call).partition_by(groups.to_vec());
        if !over.order.is_empty() {
            builder = builder.order_by(over.order.clone());
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
        if let Some(frame) = &over.frame {
            builder = builder.window_frame(frame.clone());
        }
        Ok(Transformed::new(builder.build()?, true, datafusion::common::tree_node::TreeNodeRecursion::Jump))
    });
    changed.map(|changed| changed.data).map_err(|error| planner.failed(&error))
}

/// The rows with one more hidden column: a window's value over them in their order. Its name too.
///
/// # Errors
/// Where DataFusion refuses the window.
pub(super) fn with_window(
    rows: Rows,
    window: Expr,
    over: Over,
    planner: &mut Planner<'_>,
) -> Result<(Rows, String), Diagnostic> {
    let name = planner.fresh("window");
    let mut builder = window.partition_by(over.groups);
    let order = if over.order.is_empty() { rows.sort_exprs() } else { over.order };
    if !order.is_empty() {
        builder = builder.order_by(order);
    }
    if let Some(frame) = over.frame {
        builder = builder.window_frame(frame);
    }
    let window = builder.build().map_err(|error| planner.failed(&error))?.alias(&name);
    Ok((rows.map_plan(planner, |plan| plan.window([window]))?, name))
}

/// An aggregate as a window function.
pub(super) fn over_rows(function: Arc<AggregateUDF>, argument: Expr) -> Expr {
    Expr::from(WindowFunction::new(WindowFunctionDefinition::AggregateUDF(function), vec![argument]))
}

/// The frame of the rows up to a row, it among them or not.
pub(super) fn so_far(current: bool) -> WindowFrame {
    let last = match current {
        true => WindowFrameBound::CurrentRow,
        false => WindowFrameBound::Preceding(ScalarValue::UInt64(Some(1))),
    };
    let first = WindowFrameBound::Preceding(ScalarValue::UInt64(None));
    WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last)
}

/// How often a condition has held so far, in a hidden column; 0 where there was no row yet.
///
/// # Errors
/// Where DataFusion refuses the window.
pub(super) fn times_so_far(
    rows: Rows,
    condition: Expr,
    current: bool,
    planner: &mut Planner<'_>,
) -> Result<(Rows, Expr), Diagnostic> {
    let one = case(vec![(condition, lit(1.0))], Some(lit(0.0)), Type::Number);
    let over = Over { frame: Some(so_far(current)), ..Over::default() };
    let (rows, name) = with_window(rows, over_rows(sum_udaf(), one), over, planner)?;
    Ok((rows, coalesce(vec![column(&name), lit(0.0)])))
}

/// Which run of rows with the same values each row belongs to, counted in a hidden column.
///
/// # Errors
/// Where DataFusion refuses the window.
pub(super) fn runs(rows: Rows, values: Vec<Expr>, planner: &mut Planner<'_>) -> Result<(Rows, Expr), Diagnostic> {
    let mut rows = rows;
    let mut changed = Vec::with_capacity(values.len());
    for value in values {
        let (with, before) = with_window(rows, lag(value.clone(), Some(1), None), Over::default(), planner)?;
        rows = with;
        changed.push(binary_expr(value, Operator::IsDistinctFrom, column(&before)));
    }
    times_so_far(rows, any_of(changed).unwrap_or(lit(false)), true, planner)
}
