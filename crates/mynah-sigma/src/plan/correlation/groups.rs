//! Time spans that do not slide: each event is in one of them, by its time alone or by the events before it.
use super::episodes::{extent, finding};
use super::measure::Measure;
use super::{Measured, TIME, key, window};
use crate::ast::{Correlation, Window};
use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err, not_impl_err};
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::functions_window::lead_lag::lag_udwf;
use datafusion::logical_expr::{
    Accumulator, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFrameBound, WindowFrameUnits,
};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Aggregate, aggregate};
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};

/// The number of the span that an event is in.
const SPAN: &str = "__span";
/// The time of the next event of the span.
const NEXT: &str = "__next";
/// Whether the condition holds in an event's span.
const HOLDS: &str = "__holds";

/// From the first event of a partition on.
fn from_first(to: WindowFrameBound) -> WindowFrame {
    let first = WindowFrameBound::Preceding(ScalarValue::UInt64(None));
    WindowFrame::new_bounds(WindowFrameUnits::Rows, first, to)
}

/// The columns that events of one span have in common.
fn of_span(keys: usize) -> Vec<Expr> {
    (0..keys).map(|index| column(&key(index))).chain([column(SPAN)]).collect()
}

/// The events with their span, what was measured in it, and whether the condition holds there; as a hit only where
/// the span ends.
pub(super) fn measured(
    events: LogicalPlanBuilder,
    measure: &Measure,
    keys: usize,
    correlation: &Correlation,
    window: Window,
) -> Result<LogicalPlan> {
    let longest = correlation.timespan;
    let events = match window {
        Window::Session { gap } => {
            let sessions = aggregate(Sessions { gap, longest }, vec![column(TIME)]);
            let frame = from_first(WindowFrameBound::CurrentRow);
            let span = window::over(sessions, keys, &[TIME, EVENT_ID], Some(frame))?;
            events.window([span.alias(SPAN)])?
        }
        // Times before 1970 are in the spans before its first one.
        _ => {
            let length = lit(longest.max(1));
            let within = (column(TIME) % length.clone() + length.clone()) % length.clone();
            window::with(events, ((column(TIME) - within) / length).alias(SPAN))?
        }
    };
    let whole = from_first(WindowFrameBound::Following(ScalarValue::UInt64(None)));
    let metric = window::over_parts(of_span(keys), window::metric(measure), &[TIME, EVENT_ID], Some(whole))?;
    // The event before it in the opposite order.
    let backwards = [TIME, EVENT_ID].map(|name| column(name).sort(false, false)).to_vec();
    let next = lag_udwf().call(vec![column(TIME)]).partition_by(of_span(keys)).order_by(backwards).build()?;
    let events = events.window([metric.alias(window::METRIC), next.alias(NEXT)])?;
    let events = window::with(events, measure.holds(column(window::METRIC)).alias(HOLDS))?;
    window::with(events, column(HOLDS).and(column(NEXT).is_null()).alias(window::HIT))?.build()
}

/// A row for each span in which the condition holds: its first event as the time, its last one, the group, the measure.
pub(super) fn rows(hits: LogicalPlan, correlation: &Correlation, measure: Option<&Measured>) -> Result<LogicalPlan> {
    let keys = correlation.group_by.len();
    let most = max(column(window::METRIC));
    let spans = LogicalPlanBuilder::from(hits).filter(column(HOLDS))?.aggregate(of_span(keys), extent(most))?;
    finding(spans, keys, measure)
}

/// The number of the session that the last of some times is in: one ends before an event that comes later than `gap`
/// after the one before it, or later than `longest` after its first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sessions {
    gap: i64,
    longest: i64,
}

impl Aggregate for Sessions {
    const NAME: &'static str = "sigma.sessions";

    fn returns(&self) -> DataType {
        DataType::Int64
    }

    fn state(&self) -> Vec<DataType> {
        vec![DataType::Int64]
    }

    fn accumulator(&self, _: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Session { gap: self.gap, longest: self.longest, number: 0, reach: None }))
    }
}

#[derive(Debug)]
struct Session {
    gap: i64,
    longest: i64,
    number: i64,
    /// When it began, and when its last event was.
    reach: Option<(i64, i64)>,
}

impl Accumulator for Session {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [times] = values else { return exec_err!("sessions are made of times") };
        let Some(times) = times.as_primitive_opt::<Int64Type>() else { return exec_err!("a time is a number") };
        for time in times.iter().flatten() {
            self.reach = Some(match self.reach {
                Some((first, last)) if time - last <= self.gap && time - first <= self.longest => (first, time),
                _ => {
                    self.number += 1;
                    (time, time)
                }
            });
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(self.number)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        not_impl_err!("sessions are those of one window and have no parts")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        not_impl_err!("sessions are those of one window and have no parts")
    }
}
