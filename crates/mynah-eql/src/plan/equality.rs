//! `==`, which holds for a field with several values if it holds for any.
use super::Lowering;
use super::condition::{negated, unknown};
use super::time;
use super::value::{Kind, Value};
use crate::functions::{spread, text_of};
use crate::names::CATEGORY;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::{Expr as Plan, lit};
use mynah_dialect::column;
use mynah_kernels::{Case, Cell, Matcher, Network, Pattern, cidr_match, row_function, text_match};
use mynah_syntax::Diagnostic;

/// Whether an event is of a category.
pub(super) fn category(name: &str) -> Plan {
    text_match(Matcher::new([Pattern::exact(name)], Case::Exact), column(CATEGORY))
}

/// The truth value that a text stands for. Console logs write `Yes` and `No`, where the index has a boolean.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

impl Lowering<'_> {
    /// Whether two values that are not null are equal.
    pub(super) fn equal(&mut self, left: Value, right: Value) -> Option<Plan> {
        let Some(cell) = right.constant.clone() else { return Some(self.equal_values(left, right)) };
        if left.constant.is_some() {
            return Some(self.equal_values(left, right));
        }
        let same_kind = match (left.kind, &cell) {
            (Kind::Text, cell) => {
                let Some(text) = text_of(cell) else { return Some(unknown()) };
                let case = if left.caseless { Case::Folded } else { Case::Exact };
                return Some(text_match(Matcher::new([Pattern::exact(&text)], case), left.plan));
            }
            (Kind::Ip, cell) => {
                let Some(text) = text_of(cell) else { return Some(unknown()) };
                return Some(match text.parse::<Network>() {
                    Ok(network) => cidr_match(vec![network], left.plan),
                    Err(_) => text_match(Matcher::new([Pattern::exact(&text)], Case::Exact), left.plan),
                });
            }
            (Kind::Boolean, Cell::Text(text)) => truth(text).map(Cell::Boolean),
            (Kind::Boolean, Cell::Boolean(_)) => Some(cell),
            (Kind::Integer | Kind::Float, Cell::Text(text)) => number(text),
            (Kind::Integer | Kind::Float, Cell::Integer(_) | Cell::Float(_)) => Some(cell),
            (Kind::Date, Cell::Integer(_) | Cell::Float(_)) => Some(cell),
            (Kind::Date, Cell::Text(text)) => {
                let (first, last) = self.date(text, &right)?;
                return Some(within(left, first, last));
            }
            _ => None,
        };
        let Some(constant) = same_kind else {
            // Values of these two kinds are never equal.
            return Some(unknown());
        };
        Some(equal_constant(left, constant))
    }

    /// Two values, neither of them known before the events are.
    fn equal_values(&mut self, left: Value, right: Value) -> Plan {
        let comparable = left.kind == right.kind || (left.kind.is_number() && right.kind.is_number());
        let caseless = left.caseless || right.caseless;
        let (left, right) = if comparable { (left, right) } else { (self.as_text(left), self.as_text(right)) };
        if caseless { equal_folded(left.plan, right.plan) } else { equal_cells(left.plan, right.plan) }
    }

    /// A constant that is compared with a date: the first and last millisecond that it means.
    pub(super) fn date(&mut self, text: &str, constant: &Value) -> Option<(i64, i64)> {
        match time::parse(text, &|| (self.now)()) {
            Some(dates) => Some(dates),
            None => {
                let message = format!("`{text}` is no date");
                let help = "write it as 2026-03-14T12:00:00Z or 2026-03-14, or relative to the query's clock as now-1d";
                self.report(Diagnostic::error("eql/date", message, constant.span).with_help(help))
            }
        }
    }
}

/// Whether a value that is no text is equal to a constant of its kind.
fn equal_constant(left: Value, constant: Cell<'static>) -> Plan {
    let right = Value::constant(constant, left.span);
    if left.many {
        return equal_cells(left.plan, right.plan);
    }
    match (left.kind, &right.constant) {
        // A condition is never null for long: what is not true is false.
        (Kind::Boolean, Some(Cell::Boolean(truth))) if !left.field => {
            if *truth {
                left.plan
            } else {
                negated(left.plan)
            }
        }
        (Kind::Integer | Kind::Date, Some(Cell::Float(number))) => match whole(*number) {
            Some(number) => left.plan.eq(lit(number)),
            None => unknown(),
        },
        (Kind::Float, Some(Cell::Integer(number))) => left.plan.eq(lit(*number as f64)),
        _ => left.plan.eq(right.plan),
    }
}

/// Whether a date, or one of several, lies between two others or on them.
fn within(left: Value, first: i64, last: i64) -> Plan {
    if !left.many {
        return left.plan.between(lit(first), lit(last));
    }
    let udf = row_function(format!("eql_within_{first}_{last}"), DataType::Boolean, move |row| {
        spread(row, true, &|row| match row {
            [Cell::Integer(date)] => Cell::Boolean((first..=last).contains(date)),
            _ => Cell::Null,
        })
    });
    udf.call(vec![left.plan])
}

/// A float that is a whole number.
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.0e18).then_some(number as i64)
}

/// A text as a number.
pub(super) fn number(text: &str) -> Option<Cell<'static>> {
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(whole) => Some(Cell::Integer(whole)),
        Err(_) => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Cell::Float),
    }
}

/// Whether two values of one kind are equal, any with any.
pub(super) fn equal_cells(left: Plan, right: Plan) -> Plan {
    let udf = row_function("eql_equal", DataType::Boolean, |row| {
        spread(row, true, &|row| match row {
            [Cell::Null, _] | [_, Cell::Null] => Cell::Null,
            [Cell::Integer(left), Cell::Integer(right)] => Cell::Boolean(left == right),
            [left, right] => match (left.as_float(), right.as_float()) {
                (Some(left), Some(right)) => Cell::Boolean(left == right),
                _ => Cell::Boolean(left == right),
            },
            _ => Cell::Null,
        })
    });
    udf.call(vec![left, right])
}

/// Whether two texts are equal, case left aside.
fn equal_folded(left: Plan, right: Plan) -> Plan {
    let udf = row_function("eql_equal~", DataType::Boolean, |row| {
        spread(row, true, &|row| match row {
            [Cell::Text(left), Cell::Text(right)] => Cell::Boolean(left.to_lowercase() == right.to_lowercase()),
            _ => Cell::Null,
        })
    });
    udf.call(vec![left, right])
}
