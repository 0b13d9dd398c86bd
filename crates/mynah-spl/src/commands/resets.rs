//! Figures so far that begin again by what they have become: `streamstats` with `reset_after` of its own results.
use super::aggregation;
use super::prelude::*;
use super::windowed::{Over, with_window};
use crate::aggregates::{AggregateCall, Argument};
use crate::expression::{
    BinaryOperator, Expression, ExpressionKind, UnaryOperator, case, holds, lower, lower_condition, null_of,
};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, UInt64Type};
use datafusion::common::exec_err;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Picked, WholeRows, whole_rows};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Figure {
    Count,
    Sum,
    Mean,
    Least,
    Greatest,
}

impl Figure {
    fn of(name: &str) -> Option<Figure> {
        Some(match name.to_ascii_lowercase().as_str() {
            "count" | "c" => Figure::Count,
            "sum" => Figure::Sum,
            "avg" | "mean" => Figure::Mean,
            "min" => Figure::Least,
            "max" => Figure::Greatest,
            _ => return None,
        })
    }
}

/// One of the figures: the column of numbers that it is of, and the one that it makes.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    figure: Figure,
    input: String,
    output: String,
}

/// When all figures begin again behind a row.
#[derive(Debug, Serialize, Deserialize)]
enum Condition {
    /// Where a column is true.
    Holds(String),
    /// Where a figure stands so to a column of numbers.
    Compare {
        figure: usize,
        operator: BinaryOperator,
        with: String,
    },
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
}

/// Calculates the figures of each row and those before it, from reset to reset.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Resets {
    /// The columns that it reads: the rows' places, and what groups have in common.
    place: String,
    groups: Vec<String>,
    kept: Vec<Kept>,
    after: Condition,
}

/// The rows with the results of calls, which begin again behind a row for which the condition on them holds.
///
/// # Errors
/// Where a call or the condition is one that cannot be calculated row by row.
pub(super) fn with_resets(
    rows: Rows,
    by: &[String],
    calls: &[AggregateCall],
    after: &Expression,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let open = rows.scope().open;
    let rows = rows.with_one_name(planner)?;
    let calls = aggregation::expand(calls, &rows, by);
    let mut lowering = Lowering { hidden: Vec::new(), own: calls.iter().map(AggregateCall::output_name).collect() };
    let mut kept = Vec::with_capacity(calls.len());
    for call in &calls {
        let name = &call.function;
        let figure = Figure::of(&name.node).filter(|_| call.sparkline.is_none());
        let Some(figure) = figure else {
            return Err(unsupported(
                &format!("`{}` beside a reset by what streamstats calculates", name.node),
                name.span,
            ));
        };
        let input = lowering.hide("input", input(figure, call, &rows)?, planner);
        kept.push(Kept { figure, input, output: planner.fresh("figure") });
    }
    let groups = by.iter().map(|name| lowering.hide("group", rows.column(name).into_text(), planner)).collect();
    let after = lowering.condition(after, &rows, planner)?;
    let rows = rows.with_hidden(lowering.hidden, planner)?;
    let (rows, place) = with_window(rows, row_number(), Over::default(), planner)?;
    let made = kept.iter().zip(&lowering.own);
    let made = made.map(|(kept, name)| (name.clone(), Typed::new(column(&kept.output), Type::Number))).collect();
    let operator = Resets { place, groups, kept, after };
    let rows = rows.map_plan(planner, |plan| Ok(LogicalPlanBuilder::from(whole_rows(operator, plan.build()?)?)))?;
    let rows = rows.with(made, planner)?;
    Ok(if open { rows.opened() } else { rows })
}

/// The numbers that a figure is of; for a count 1 where there is a value.
fn input(figure: Figure, call: &AggregateCall, rows: &Rows) -> Result<Expr, Diagnostic> {
    let value = match &call.argument {
        None => return Ok(lit(1.0)),
        Some(Argument::Field(field)) => rows.column(&field.node),
        Some(Argument::Eval(expression)) => lower(expression, rows.scope())?,
    };
    Ok(match (figure, value.ty) {
        (_, Type::Null) => null_of(Type::Number),
        (_, Type::Multi) => return Err(unsupported("a field of several values beside such a reset", call.span)),
        (Figure::Count, Type::Boolean) => case(vec![(value.expr, lit(1.0))], None, Type::Number),
        (Figure::Count, _) => case(vec![(value.expr.is_not_null(), lit(1.0))], None, Type::Number),
        _ => value.into_number(),
    })
}

struct Lowering {
    /// The columns that the operator reads.
    hidden: Vec<(String, Expr)>,
    /// The names of the results.
    own: Vec<String>,
}

impl Lowering {
    fn hide(&mut self, what: &str, value: Expr, planner: &mut Planner<'_>) -> String {
        let name = planner.fresh(what);
        self.hidden.push((name.clone(), value));
        name
    }

    fn condition(&mut self, of: &Expression, rows: &Rows, planner: &mut Planner<'_>) -> Result<Condition, Diagnostic> {
        let is_own = |of: &Expression| of.fields().iter().any(|field| self.own.contains(&field.node));
        if !is_own(of) {
            let holds = case(vec![(lower_condition(of, rows.scope())?, lit(true))], Some(lit(false)), Type::Boolean);
            return Ok(Condition::Holds(self.hide("holds", holds, planner)));
        }
        let figure = |of: &Expression| match &of.kind {
            ExpressionKind::Field(name) => self.own.iter().position(|own| own == name),
            _ => None,
        };
        let wrong = || unsupported("a reset by more than comparisons of what streamstats itself calculates", of.span);
        match &of.kind {
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => {
                Ok(Condition::Not(Box::new(self.condition(operand, rows, planner)?)))
            }
            ExpressionKind::Binary { operator, left, right } => match operator.node {
                BinaryOperator::And | BinaryOperator::Or => {
                    let left = Box::new(self.condition(left, rows, planner)?);
                    let right = Box::new(self.condition(right, rows, planner)?);
                    let both = operator.node == BinaryOperator::And;
                    Ok(if both { Condition::Both(left, right) } else { Condition::Either(left, right) })
                }
                node => {
                    let turned = turned(node).ok_or_else(wrong)?;
                    let (figure, operator, other) = match (figure(left), figure(right)) {
                        (Some(place), None) if !is_own(right) => (place, node, right),
                        (None, Some(place)) if !is_own(left) => (place, turned, left),
                        _ => return Err(wrong()),
                    };
                    let with = lower(other, rows.scope())?.into_number();
                    Ok(Condition::Compare { figure, operator, with: self.hide("bound", with, planner) })
                }
            },
            _ => Err(wrong()),
        }
    }
}

/// The comparison with its sides changed, if it is one.
fn turned(operator: BinaryOperator) -> Option<BinaryOperator> {
    Some(match operator {
        BinaryOperator::Equal | BinaryOperator::NotEqual => operator,
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessEqual => BinaryOperator::GreaterEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterEqual => BinaryOperator::LessEqual,
        _ => return None,
    })
}

impl WholeRows for Resets {
    const NAME: &'static str = "spl.streamstats";

    fn title(&self) -> &str {
        "StreamStats"
    }

    fn added(&self) -> Vec<Field> {
        self.kept.iter().map(|kept| Field::new(&kept.output, DataType::Float64, true)).collect()
    }

    fn pick(&self, rows: &RecordBatch) -> datafusion::common::Result<Picked> {
        let find = |name: &String| match rows.column_by_name(name) {
            Some(column) => Ok(Arc::clone(column)),
            None => exec_err!("streamstats lacks the column {name}"),
        };
        let columns = |names: Vec<&String>| names.into_iter().map(find).collect::<datafusion::common::Result<Vec<_>>>();
        let groups = columns(self.groups.iter().collect())?;
        let inputs = columns(self.kept.iter().map(|kept| &kept.input).collect())?;
        let places = find(&self.place)?;
        let mut order: Vec<(u64, usize)> =
            places.as_primitive::<UInt64Type>().values().iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut results = vec![vec![None; rows.num_rows()]; self.kept.len()];
        let mut states: HashMap<Vec<&str>, Vec<State>> = HashMap::new();
        for (_, row) in order {
            // A row that lacks a field of BY has no figures.
            let key: Option<Vec<&str>> = groups.iter().map(|group| text_at(group, row)).collect();
            let Some(key) = key else { continue };
            let state = states.entry(key).or_insert_with(|| vec![State::default(); self.kept.len()]);
            let mut figures = Vec::with_capacity(self.kept.len());
            for ((kept, state), input) in self.kept.iter().zip(state.iter_mut()).zip(&inputs) {
                state.extend(number_at(input, row));
                figures.push(state.figure(kept.figure));
            }
            for (result, figure) in results.iter_mut().zip(&figures) {
                if let Some(cell) = result.get_mut(row) {
                    *cell = *figure;
                }
            }
            if self.after.holds(&figures, rows, row) {
                states.clear();
            }
        }
        let all = (0..u32::try_from(rows.num_rows()).unwrap_or(u32::MAX)).collect();
        let added = results.into_iter().map(|result| Arc::new(Float64Array::from(result)) as ArrayRef).collect();
        Ok(Picked { rows: all, added })
    }
}

fn text_at(column: &ArrayRef, row: usize) -> Option<&str> {
    let texts = column.as_string_opt::<i32>()?;
    (!texts.is_null(row)).then(|| texts.value(row))
}

fn number_at(column: &ArrayRef, row: usize) -> Option<f64> {
    let numbers = column.as_primitive_opt::<Float64Type>()?;
    (!numbers.is_null(row)).then(|| numbers.value(row))
}

/// What there has been since the last reset.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    count: f64,
    sum: f64,
    least: Option<f64>,
    greatest: Option<f64>,
}

impl State {
    fn extend(&mut self, number: Option<f64>) {
        let Some(number) = number else { return };
        self.count += 1.0;
        self.sum += number;
        self.least = Some(self.least.map_or(number, |least| least.min(number)));
        self.greatest = Some(self.greatest.map_or(number, |greatest| greatest.max(number)));
    }

    fn figure(&self, figure: Figure) -> Option<f64> {
        let some = self.count > 0.0;
        match figure {
            Figure::Count => Some(self.count),
            Figure::Sum => some.then_some(self.sum),
            Figure::Mean => some.then(|| self.sum / self.count),
            Figure::Least => self.least,
            Figure::Greatest => self.greatest,
        }
    }
}

impl Condition {
    /// Whether it holds; a comparison with nothing does not.
    fn holds(&self, figures: &[Option<f64>], rows: &RecordBatch, row: usize) -> bool {
        match self {
            Condition::Holds(name) => rows.column_by_name(name).is_some_and(|column| {
                column.as_boolean_opt().is_some_and(|truths| !truths.is_null(row) && truths.value(row))
            }),
            Condition::Compare { figure, operator, with } => {
                let with = rows.column_by_name(with).and_then(|column| number_at(column, row));
                let ordering = figures.get(*figure).copied().flatten().zip(with).and_then(|(a, b)| a.partial_cmp(&b));
                ordering.is_some_and(|ordering| holds(*operator, ordering))
            }
            Condition::Both(left, right) => left.holds(figures, rows, row) && right.holds(figures, rows, row),
            Condition::Either(left, right) => left.holds(figures, rows, row) || right.holds(figures, rows, row),
            Condition::Not(inner) => !inner.holds(figures, rows, row),
        }
    }
}
