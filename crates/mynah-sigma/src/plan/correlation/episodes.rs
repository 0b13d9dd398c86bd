//! What a correlation found, as rows: one for each stretch of events within spans in which its condition holds.
use super::{Measured, TIME, key, window};
use crate::ast::Correlation;
use crate::plan::RowFunction;
use crate::plan::output::slot;
use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::{max, min, sum};
use datafusion::functions_window::lead_lag::lag_udwf;
use datafusion::logical_expr::{
    LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFrameBound, WindowFrameUnits, cast, when,
};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::call;
use mynah_view::EVENT_ID;

/// Whether an event is within a span that ends in a hit.
const WITHIN: &str = "__within";
/// The time of the event before, of the same group.
const BEFORE: &str = "__before";
/// Whether an event is the first of a stretch.
const FIRST: &str = "__first";
/// The number of an event's stretch.
const STRETCH: &str = "__stretch";

/// The stretches of `hits`: their beginning as the time, their end, the group, and the measure, as `measure` says
/// which type it has and whether the least of it is of interest.
pub(super) fn episodes(
    hits: LogicalPlan,
    correlation: &Correlation,
    measure: Option<&Measured>,
) -> Result<LogicalPlan> {
    let keys = correlation.group_by.len();
    let span = correlation.timespan;
    let hit = when(column(window::HIT), lit(1i64)).otherwise(lit(0i64))?;
    let within = window::over(max(hit), keys, &[TIME], Some(window::frame(span, true)))?;
    let events = LogicalPlanBuilder::from(hits).window([within.alias(WITHIN)])?.filter(column(WITHIN).eq(lit(1i64)))?;
    let before = window::over(lag_udwf().call(vec![column(TIME)]), keys, &[TIME, EVENT_ID], None)?;
    let events = window::with(events.window([before.alias(BEFORE)])?, first(span)?.alias(FIRST))?;
    let so_far = WindowFrame::new_bounds(
        WindowFrameUnits::Rows,
        WindowFrameBound::Preceding(datafusion::common::ScalarValue::UInt64(None)),
        WindowFrameBound::CurrentRow,
    );
    let stretch = window::over(sum(column(FIRST)), keys, &[TIME, EVENT_ID], Some(so_far))?;
    let events = events.window([stretch.alias(STRETCH)])?;
    let mut groups: Vec<Expr> = (0..keys).map(|index| column(&key(index))).collect();
    groups.push(column(STRETCH));
    let at_hits = when(column(window::HIT), column(window::METRIC)).end()?;
    let most = match measure {
        Some(Measured { least: true, .. }) => min(at_hits),
        _ => max(at_hits),
    };
    let rows = events.aggregate(groups, extent(most))?;
    finding(rows, keys, measure)
}

/// Of the events of a finding: the first and the last time, the first id, and the measure.
pub(super) fn extent(most: Expr) -> [Expr; 4] {
    [
        min(column(TIME)).alias("__from"),
        max(column(TIME)).alias("__to"),
        min(column(EVENT_ID)).alias("__id"),
        most.alias("__most"),
    ]
}

/// Findings from the rows of [`extent`]: the first event's time and id, the last one's time, the group, the measure.
pub(super) fn finding(rows: LogicalPlanBuilder, keys: usize, measure: Option<&Measured>) -> Result<LogicalPlan> {
    let mut shown = vec![
        column("__from").alias(TIME),
        column("__id").alias(EVENT_ID),
        call(RowFunction::ShownTime, vec![column("__to")]).alias(slot(0)),
    ];
    shown.extend((0..keys).map(|index| column(&key(index)).alias(slot(index + 1))));
    if let Some(Measured { data_type, .. }) = measure {
        shown.push(cast(column("__most"), data_type.clone()).alias(slot(keys + 1)));
    }
    rows.project(shown)?.build()
}

/// Whether an event begins a stretch: there is none before it within the span.
fn first(span: i64) -> Result<Expr> {
    let begins = column(BEFORE).is_null().or((column(TIME) - column(BEFORE)).gt(lit(span)));
    when(begins, lit(1i64)).otherwise(lit(0i64))
}
