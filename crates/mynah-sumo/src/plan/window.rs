//! `total`, `accum`, `smooth`, `rollingstd`, `backshift`, `diff`: a value of each row from its neighbours.
use super::{Draft, Kind, Typed};
use crate::ast::{Name, Window, WindowKind};
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::stddev::stddev_pop_udaf;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::expr::{NullTreatment, WindowFunction};
use datafusion::logical_expr::{
    AggregateUDF, ExprFunctionExt, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_syntax::Diagnostic;
use std::sync::Arc;

/// As many rows as Sumo Logic looks back.
const MOST_ROWS: usize = 1000;

pub(super) fn lower(draft: &mut Draft<'_>, window: &Window) -> Result<(), Diagnostic> {
    let value = draft.resolve(&window.field)?;
    if window.kind == WindowKind::Diff && value.kind == Kind::Text {
        // Rows whose value is no number are left out, and the next is held against the one before them.
        let text = value.expr.clone();
        draft.filter(text.is_null().or(value.clone().to(Kind::Number).expr.is_not_null()))?;
    }
    let number = value.clone().to(Kind::Number).expr;
    let groups = draft.values(&window.by)?;
    let length = window.length.as_ref().map(|count| draft.number(count)).transpose()?;
    let order = draft.sort_keys();
    let over = |aggregate: Arc<AggregateUDF>| {
        let function = WindowFunctionDefinition::AggregateUDF(aggregate);
        Expr::from(WindowFunction::new(function, vec![number.clone()])).partition_by(groups.clone())
    };
    let up_to_here = |aggregate, before: Option<usize>| {
        let start = WindowFrameBound::Preceding(ScalarValue::UInt64(before.map(|rows| rows as u64)));
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, start, WindowFrameBound::CurrentRow);
        over(aggregate).order_by(order.clone()).window_frame(frame)
    };
    let before = |value: Expr, rows: usize| {
        lag(value, Some(rows as i64), None).partition_by(groups.clone()).order_by(order.clone())
    };
    let last = length.unwrap_or(10).clamp(1, MOST_ROWS) - 1;
    let (built, kind) = match window.kind {
        WindowKind::Total => (over(sum_udaf()), Kind::Number),
        WindowKind::Accum => (up_to_here(sum_udaf(), None), Kind::Number),
        WindowKind::Smooth => (up_to_here(avg_udaf(), Some(last)), Kind::Number),
        WindowKind::RollingStd => (up_to_here(stddev_pop_udaf(), Some(last)), Kind::Number),
        WindowKind::Backshift => (before(value.expr, length.unwrap_or(1).min(MOST_ROWS)), value.kind),
        WindowKind::Diff => (before(number.clone(), 1).null_treatment(NullTreatment::IgnoreNulls), Kind::Number),
    };
    let built = built.build().map_err(|error| draft.refused(&error))?;
    // Window functions stand alone in their node; what is computed from them comes after.
    let hidden = column(&draft.hide("window", Typed::new(built, kind))?);
    let result = if window.kind == WindowKind::Diff { number - hidden } else { hidden };
    let own = || Name::implied(format!("_{}", window.kind.name()), window.field.place);
    draft.set(&window.name.clone().unwrap_or_else(own), Typed::new(result, kind))
}
