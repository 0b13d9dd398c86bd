//! The measure over the time span that ends at each event, as a window function.
use super::measure::{Kind, Measure, Seen, Window};
use super::{RULE, TIME, VALUE, key};
use crate::ast::Correlation;
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, FieldRef, Int64Type, UInt64Type};
use datafusion::common::{Result, ScalarValue, exec_err, not_impl_err};
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{
    Accumulator, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition,
};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::{Aggregate, aggregate};
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};

/// What was measured at an event.
pub(super) const METRIC: &str = "__metric";
/// Whether the condition holds at an event; null where there was nothing to measure.
pub(super) const HIT: &str = "__hit";

/// A function, or an aggregate, over events of the same group in this order.
pub(super) fn over(call: Expr, keys: usize, order: &[&str], frame: Option<WindowFrame>) -> Result<Expr> {
    over_parts((0..keys).map(|index| column(&key(index))).collect(), call, order, frame)
}

/// The same over events for which these columns are equal.
pub(super) fn over_parts(partition: Vec<Expr>, call: Expr, order: &[&str], frame: Option<WindowFrame>) -> Result<Expr> {
    let call = match call {
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            Expr::from(WindowFunction::new(WindowFunctionDefinition::AggregateUDF(func), params.args))
        }
        other => other,
    };
    let order = order.iter().map(|name| column(name).sort(true, false)).collect();
    let call = call.partition_by(partition).order_by(order);
    match frame {
        Some(frame) => call.window_frame(frame).build(),
        None => call.build(),
    }
}

/// The plan with one more column.
pub(super) fn with(plan: LogicalPlanBuilder, more: Expr) -> Result<LogicalPlanBuilder> {
    let plan = plan.build()?;
    let own = plan.schema().columns().into_iter().map(|column| Expr::Column(column.clone()).alias(column.name));
    let shown: Vec<Expr> = own.chain([more]).collect();
    LogicalPlanBuilder::from(plan).project(shown)
}

/// From so many milliseconds before an event to its moment, or from there to so many behind it.
pub(super) fn frame(milliseconds: i64, behind: bool) -> WindowFrame {
    let bound = ScalarValue::Int64(Some(milliseconds));
    let (start, end) = if behind {
        (WindowFrameBound::CurrentRow, WindowFrameBound::Following(bound))
    } else {
        (WindowFrameBound::Preceding(bound), WindowFrameBound::CurrentRow)
    };
    WindowFrame::new_bounds(WindowFrameUnits::Range, start, end)
}

/// What is measured of the events of a frame.
pub(super) fn metric(measure: &Measure) -> Expr {
    let arguments = vec![column(TIME), column(EVENT_ID), column(RULE), column(VALUE)];
    aggregate(Measuring { kind: measure.kind.clone() }, arguments)
}

/// The events with [`METRIC`] and [`HIT`].
pub(super) fn measured(
    events: LogicalPlanBuilder,
    measure: &Measure,
    keys: usize,
    correlation: &Correlation,
) -> Result<LogicalPlan> {
    let metric = over(metric(measure), keys, &[TIME], Some(frame(correlation.timespan, false)))?;
    with(events.window([metric.alias(METRIC)])?, measure.holds(column(METRIC)).alias(HIT))?.build()
}

/// The aggregate function behind it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measuring {
    kind: Kind,
}

impl Aggregate for Measuring {
    const NAME: &'static str = "sigma.measure";

    fn returns(&self) -> DataType {
        DataType::Float64
    }

    fn state(&self) -> Vec<DataType> {
        vec![DataType::Float64]
    }

    fn accumulator(&self, _: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Measurer(Window::new(self.kind.clone()))))
    }
}

#[derive(Debug)]
struct Measurer(Window);

impl Accumulator for Measurer {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [times, events, rules, values] = values else { return exec_err!("a measure wants four columns") };
        let (Some(times), Some(events), Some(rules)) = (
            times.as_primitive_opt::<Int64Type>(),
            events.as_primitive_opt::<UInt64Type>(),
            rules.as_primitive_opt::<Int64Type>(),
        ) else {
            return exec_err!("a measure wants times, events and rules");
        };
        let texts = values.as_string_opt::<i32>();
        for row in 0..times.len() {
            let value = texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row).to_owned());
            self.0.enter(Seen { time: times.value(row), event: events.value(row), rule: rules.value(row), value });
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |values| values.len());
        (0..rows).for_each(|_| self.0.leave());
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.0.metric()))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        not_impl_err!("a measure is one window's and has no parts")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        not_impl_err!("a measure is one window's and has no parts")
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.size()
    }
}
