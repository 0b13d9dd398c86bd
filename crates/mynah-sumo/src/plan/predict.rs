//! `predict`: the straight line through the values of a series.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/predict/>
use super::rows::values_plan;
use super::series::suffixed;
use super::{Draft, Kind, Role, Typed};
use crate::ast::{Predict, interval};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, JoinType, ScalarValue};
use datafusion::functions_aggregate::expr_fn::{max as max_of, min as min_of};
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::ExprFunctionExt;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    AggregateUDF, Expr, LogicalPlanBuilder, WindowFrame, WindowFunctionDefinition, cast, lit, when,
};
use mynah_dialect::column;
use mynah_syntax::Diagnostic;
use std::sync::Arc;

/// As many values as Sumo Logic predicts.
const MOST: i64 = 100;

/// The line: columns of the rows before.
struct Line {
    slope: String,
    intercept: String,
    count: String,
}

pub(super) fn lower(draft: &mut Draft<'_>, predict: &Predict) -> Result<(), Diagnostic> {
    if let Some((model, place)) = &predict.model
        && model != "linear"
    {
        let message = format!("the model `{model}` of `predict` is Sumo Logic's own and not supported");
        draft.cannot_run("sumo/unsupported", message, place.0)?;
        return Ok(());
    }
    let Some(width) = interval(&predict.by) else {
        return Err(Diagnostic::error("sumo/interval", format!("`{}` is no interval", predict.by), predict.place.0));
    };
    let forecast = match &predict.forecast {
        None => 3,
        Some(text) => match (text.parse::<i64>(), interval(text)) {
            (Ok(number), _) => number,
            (_, Some(time)) => time / width,
            _ => {
                let message = format!("`{text}` is neither a number of values nor an interval");
                return Err(Diagnostic::error("sumo/interval", message, predict.place.0));
            }
        },
    };
    let value = draft.resolve(&predict.field)?.to(Kind::Number);
    let slice = draft.timeslice.as_ref().and_then(|(name, _)| draft.field(name)).map(|field| field.name.clone());
    let Some(time) = slice else {
        if draft.dynamic || draft.broken {
            return Ok(());
        }
        let message = "`predict` needs an aggregate by `_timeslice` before it";
        return Err(Diagnostic::error("sumo/predict", message, draft.at));
    };
    let value = column(&draft.hide("value", value)?);
    let line = line(draft, &value, &time, width)?;
    let (first, _) = ends(draft, &time)?;
    let place = cast(column(&time) - first, DataType::Float64) / lit(width as f64);
    let predicted = column(&line.intercept) + column(&line.slope) * place;
    let (predicted_name, error_name) =
        (suffixed(draft, &predict.field, "predicted"), suffixed(draft, &predict.field, "error"));
    let error = predicted.clone() - value;
    draft.add(vec![
        (predicted_name.clone(), Role::Field, Typed::new(predicted, Kind::Number)),
        (error_name, Role::Field, Typed::new(error, Kind::Number)),
    ])?;
    go_on(draft, &line, &time, &predicted_name, width, forecast.clamp(0, MOST))
}

/// A column with an aggregate over all rows.
fn over_all(draft: &mut Draft<'_>, aggregate: Arc<AggregateUDF>, value: Expr, kind: Kind) -> Result<Expr, Diagnostic> {
    let function = WindowFunctionDefinition::AggregateUDF(aggregate);
    let built = Expr::from(WindowFunction::new(function, vec![value])).window_frame(WindowFrame::new(None)).build();
    let built = built.map_err(|error| draft.refused(&error))?;
    Ok(column(&draft.hide("all", Typed::new(built, kind))?))
}

/// The times of the first and the last row.
fn ends(draft: &mut Draft<'_>, time: &str) -> Result<(Expr, Expr), Diagnostic> {
    let first = over_all(draft, min_udaf(), column(time), Kind::Integer)?;
    let last = over_all(draft, max_udaf(), column(time), Kind::Integer)?;
    Ok((first, last))
}

/// The line with the least squares. Slices without a row count as 0, so that the places are 0, 1, 2 and so on, and their
/// sums are known.
fn line(draft: &mut Draft<'_>, value: &Expr, time: &str, width: i64) -> Result<Line, Diagnostic> {
    let (first, last) = ends(draft, time)?;
    let place = |time: Expr, first: Expr| cast(time - first, DataType::Float64) / lit(width as f64);
    let count = Typed::new(place(last, first.clone()) + lit(1.0), Kind::Number);
    let count = draft.hide("count", count)?;
    let sum = over_all(draft, sum_udaf(), value.clone(), Kind::Number)?;
    let product = draft.hide("product", Typed::new(place(column(time), first) * value.clone(), Kind::Number))?;
    let products = over_all(draft, sum_udaf(), column(&product), Kind::Number)?;
    let n = || column(&count);
    let places = || n() * (n() - lit(1.0)) / lit(2.0);
    let squares = (n() - lit(1.0)) * n() * (lit(2.0) * n() - lit(1.0)) / lit(6.0);
    let slope = (n() * products - places() * sum.clone()) / (n() * squares - places() * places());
    let slope = when(n().gt(lit(1.0)), slope).otherwise(lit(0.0)).map_err(|error| draft.refused(&error))?;
    let slope = draft.hide("slope", Typed::new(slope, Kind::Number))?;
    let intercept = (sum - column(&slope) * places()) / n();
    let intercept = draft.hide("intercept", Typed::new(intercept, Kind::Number))?;
    Ok(Line { slope, intercept, count })
}

/// Adds rows for the values that come next.
fn go_on(
    draft: &mut Draft<'_>,
    line: &Line,
    time: &str,
    predicted: &str,
    width: i64,
    number: i64,
) -> Result<(), Diagnostic> {
    if number == 0 {
        return Ok(());
    }
    let plan = draft.plan()?;
    let refused = |draft: &Draft<'_>, error| draft.refused(&error);
    let kept = [&line.slope, &line.intercept, &line.count];
    let ends =
        kept.iter().map(|name| min_of(column(name)).alias(name.as_str())).chain([max_of(column(time)).alias("__last")]);
    let steps = (1..=number).map(|step| vec![ScalarValue::Int64(Some(step)), ScalarValue::Int64(Some(0))]).collect();
    let steps = values_plan(&[("__step".to_owned(), DataType::Int64), ("__each".to_owned(), DataType::Int64)], steps)
        .map_err(|error| refused(draft, error))?;
    let place = column(&line.count) - lit(1.0) + cast(column("__step"), DataType::Float64);
    let mut shown = Vec::new();
    for field in plan.schema().fields() {
        let value = if field.name() == time {
            column("__last") + column("__step") * lit(width)
        } else if field.name() == predicted {
            column(&line.intercept) + column(&line.slope) * place.clone()
        } else if *field.name() == draft.tie {
            // The hidden number of a group's first event: new rows come last.
            cast(lit(u64::MAX - MOST as u64) + cast(column("__step"), DataType::UInt64), field.data_type().clone())
        } else {
            lit(ScalarValue::try_from(field.data_type()).map_err(|error| refused(draft, error))?)
        };
        shown.push(cast(value, field.data_type().clone()).alias(field.name()));
    }
    let next = LogicalPlanBuilder::from(plan.clone())
        .aggregate(Vec::<Expr>::new(), ends)
        .and_then(|builder| {
            let once = [&line.slope, &line.intercept, &line.count].map(|name| column(name));
            let once = once.into_iter().chain([column("__last"), lit(0_i64).alias("__once")]);
            let on = (vec![Column::from_name("__once")], vec![Column::from_name("__each")]);
            let one = builder.filter(column("__last").is_not_null())?.project(once)?;
            one.join(steps, JoinType::Inner, on, None)?.project(shown)?.build()
        })
        .map_err(|error| refused(draft, error))?;
    draft.replan(|builder| builder.union(next))
}
