//! `outlier` and `bin`: what a value is among others.
use super::{Draft, Kind, Role, Typed, ValueFunction};
use crate::ast::{Bin, Expression, Name, Outlier, number_value};
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::stddev::stddev_pop_udaf;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    AggregateUDF, Expr, ExprFunctionExt, SortExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition, lit, when,
};
use mynah_dialect::{clock, column};
use mynah_kernels::call;
use mynah_syntax::Diagnostic;
use std::sync::Arc;

/// As many rows as Sumo Logic looks back.
const MOST_ROWS: f64 = 1000.0;

/// The constant number of an option; the default where a dashboard fills it in.
fn option(option: &Option<Expression>, default: f64) -> Result<f64, Diagnostic> {
    let wrong = |place| Diagnostic::error("sumo/syntax", "this option is a number", place);
    Ok(match option {
        None | Some(Expression::Parameter(..)) => default,
        Some(Expression::Number(text, place)) => number_value(text).ok_or_else(|| wrong(place.0))?,
        Some(Expression::Negative(inner, place)) => match inner.as_ref() {
            Expression::Number(text, _) => -number_value(text).ok_or_else(|| wrong(place.0))?,
            _ => return Err(wrong(place.0)),
        },
        Some(other) => return Err(wrong(other.span())),
    })
}

/// Marks the values that are far from those before them.
///
/// The window ends before the value: with the value in it, no value could ever be three standard deviations from the mean
/// of ten, which are the defaults.
pub(super) fn outlier(draft: &mut Draft<'_>, outlier: &Outlier) -> Result<(), Diagnostic> {
    let value = draft.resolve(&outlier.field)?.to(Kind::Number).expr;
    let groups = draft.values(&outlier.by)?;
    let window = option(&outlier.window, 10.0)?.clamp(1.0, MOST_ROWS) as u64;
    let threshold = option(&outlier.threshold, 3.0)?;
    let consecutive = option(&outlier.consecutive, 1.0)?.clamp(1.0, MOST_ROWS) as u64;
    let slice = draft.timeslice.clone().and_then(|(name, width)| Some((draft.field(&name)?.name.clone(), width)));
    let order: Vec<SortExpr> = match &slice {
        Some((slice, _)) => vec![column(slice).sort(true, true), column(&draft.tie).sort(true, true)],
        None => draft.sort_keys(),
    };
    let over = |aggregate: Arc<AggregateUDF>, value: Expr, first: u64, last: WindowFrameBound| {
        let start = WindowFrameBound::Preceding(ScalarValue::UInt64(Some(first)));
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, start, last);
        let function = WindowFunctionDefinition::AggregateUDF(aggregate);
        let call = Expr::from(WindowFunction::new(function, vec![value])).partition_by(groups.clone());
        call.order_by(order.clone()).window_frame(frame).build()
    };
    let before =
        |aggregate| over(aggregate, value.clone(), window, WindowFrameBound::Preceding(ScalarValue::UInt64(Some(1))));
    let mut hidden = Vec::new();
    for (aggregate, kind) in
        [(avg_udaf(), Kind::Number), (stddev_pop_udaf(), Kind::Number), (count_udaf(), Kind::Integer)]
    {
        let built = before(aggregate).map_err(|error| draft.refused(&error))?;
        hidden.push(column(&draft.hide("outlier", Typed::new(built, kind))?));
    }
    let [mean, deviation, count] = hidden.as_slice() else { return Ok(()) };
    // The slice in which the query's time ends may not be complete.
    let complete = slice.map_or_else(|| lit(true), |(slice, width)| (column(&slice) + lit(width)).lt_eq(clock::now()));
    let known = count.clone().eq(lit(window as i64)).and(complete);
    let lower = mean.clone() - deviation.clone() * lit(threshold);
    let upper = mean.clone() + deviation.clone() * lit(threshold);
    let (above, below) = outlier.direction;
    let beyond = [(above, value.clone().gt(upper.clone())), (below, value.clone().lt(lower.clone()))];
    let beyond = beyond.into_iter().filter(|(counts, _)| *counts).map(|(_, beyond)| beyond);
    let beyond = known.clone().and(mynah_dialect::any_of(beyond.collect()).unwrap_or_else(|| lit(false)));
    let name = |suffix| suffixed(draft, &outlier.field, suffix);
    let shown = [("error", value - mean.clone()), ("std", deviation.clone()), ("lower", lower), ("upper", upper)];
    let mut fields = Vec::new();
    for (suffix, value) in shown {
        let value = when(known.clone(), value).end().map_err(|error| draft.refused(&error))?;
        fields.push((name(suffix), Role::Field, Typed::new(value, Kind::Number)));
    }
    let indicator = when(beyond, lit(1_i64)).otherwise(lit(0_i64)).map_err(|error| draft.refused(&error))?;
    let (indicator_name, violation_name) = (name("indicator"), name("violation"));
    fields.push((indicator_name.clone(), Role::Field, Typed::new(indicator, Kind::Integer)));
    draft.add(fields)?;
    let row = over(sum_udaf(), column(&indicator_name), consecutive - 1, WindowFrameBound::CurrentRow);
    let row = row.map_err(|error| draft.refused(&error))?;
    let row = column(&draft.hide("outlier", Typed::new(row, Kind::Integer))?);
    let violation = when(row.eq(lit(consecutive as i64)), lit(1_i64)).otherwise(lit(0_i64));
    let violation = Typed::new(violation.map_err(|error| draft.refused(&error))?, Kind::Integer);
    draft.add(vec![(violation_name, Role::Field, violation)])
}

/// The interval in which a number lies.
pub(super) fn bin(draft: &mut Draft<'_>, bin: &Bin) -> Result<(), Diagnostic> {
    let width = option(&Some(bin.width.clone()), 1.0)?;
    if width <= 0.0 {
        return Err(Diagnostic::error("sumo/arguments", "the width of a bin is more than 0", bin.width.span()));
    }
    let value = draft.resolve(&bin.field)?.to(Kind::Number).expr;
    let start = option(&bin.min, 0.0)?;
    let number = crate::functions::floor((value - lit(start)) / lit(width));
    let number = match &bin.min {
        Some(_) => {
            when(number.clone().lt(lit(0.0)), lit(0.0)).otherwise(number).map_err(|error| draft.refused(&error))?
        }
        None => number,
    };
    let number = match &bin.max {
        Some(max) => {
            let last = ((option(&Some(max.clone()), 0.0)? - start) / width).ceil() - 1.0;
            when(number.clone().gt(lit(last)), lit(last)).otherwise(number).map_err(|error| draft.refused(&error))?
        }
        None => number,
    };
    let number = column(&draft.hide("bin", Typed::new(number, Kind::Number))?);
    let lower = number.clone() * lit(width) + lit(start);
    let upper = (number + lit(1.0)) * lit(width) + lit(start);
    let label = bin.name.as_ref().map_or("_bin_label", |name| name.text.as_str()).to_owned();
    let label_value = call(ValueFunction::Interval, vec![lower.clone(), upper.clone()]);
    draft.add(vec![
        (label, Role::Field, Typed::new(label_value, Kind::Text)),
        ("_bin_lower".into(), Role::Field, Typed::new(lower, Kind::Number)),
        ("_bin_upper".into(), Role::Field, Typed::new(upper, Kind::Number)),
    ])
}

/// A name for what an operator makes of a field: the field's own and a suffix.
pub(super) fn suffixed(draft: &Draft<'_>, field: &Name, suffix: &str) -> String {
    let name = draft.field(&field.text).map_or(field.text.as_str(), |field| field.name.as_str());
    format!("{name}_{suffix}")
}
