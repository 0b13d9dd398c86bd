//! `==`, which holds for a field with several values if it holds for any.
use super::Lowering;
use super::condition::{negated, unknown};
use super::time::Date;
use super::value::{Value, ValueType};
use crate::functions::{RowFunction, text_of};
use crate::names::CATEGORY;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Case, Cell, Matcher, Network, Pattern, call, cidr_match, text_match};
use mynah_syntax::Diagnostic;

/// Whether an event is of a category.
pub(super) fn category(name: &str) -> Expr {
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
    pub(super) fn equal(&mut self, left: Value, right: Value) -> Option<Expr> {
        let Some(cell) = right.constant.clone() else { return Some(self.equal_values(left, right)) };
        if left.constant.is_some() {
            return Some(self.equal_values(left, right));
        }
        let same_kind = match (left.kind, &cell) {
            (ValueType::Text, cell) => {
                let Some(text) = text_of(cell) else { return Some(unknown()) };
                let case = if left.caseless { Case::Folded } else { Case::Exact };
                return Some(text_match(Matcher::new([Pattern::exact(&text)], case), left.plan));
            }
            (ValueType::Ip, cell) => {
                let Some(text) = text_of(cell) else { return Some(unknown()) };
                return Some(match text.parse::<Network>() {
                    Ok(network) => cidr_match(vec![network], left.plan),
                    Err(_) => text_match(Matcher::new([Pattern::exact(&text)], Case::Exact), left.plan),
                });
            }
            (ValueType::Boolean, Cell::Text(text)) => truth(text).map(Cell::Boolean),
            (ValueType::Boolean, Cell::Boolean(_)) => Some(cell),
            (ValueType::Integer | ValueType::Float, Cell::Text(text)) => number(text),
            (ValueType::Integer | ValueType::Float, Cell::Integer(_) | Cell::Float(_)) => Some(cell),
            (ValueType::Date, Cell::Integer(_) | Cell::Float(_)) => Some(cell),
            (ValueType::Date, Cell::Text(text)) => {
                let date = self.date(text, &right)?;
                return Some(within(left, date.moment(false), date.moment(true)));
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
    fn equal_values(&mut self, left: Value, right: Value) -> Expr {
        let comparable = left.kind == right.kind || (left.kind.is_number() && right.kind.is_number());
        let caseless = left.caseless || right.caseless;
        let (left, right) = if comparable { (left, right) } else { (self.as_text(left), self.as_text(right)) };
        equal_cells(left.plan, right.plan, if caseless { Case::Folded } else { Case::Exact })
    }

    /// A constant that is compared with a date.
    pub(super) fn date(&mut self, text: &str, constant: &Value) -> Option<Date> {
        match Date::parse(text) {
            Some(date) => Some(date),
            None => {
                let message = format!("`{text}` is no date");
                let help = "write it as 2026-03-14T12:00:00Z or 2026-03-14, or as date math: now-1d/d, 2026-03-14||+1M";
                self.report(Diagnostic::error("eql/date", message, constant.span).with_help(help))
            }
        }
    }
}

/// Whether a value that is no text is equal to a constant of its kind.
fn equal_constant(left: Value, constant: Cell<'static>) -> Expr {
    let right = Value::constant(constant, left.span);
    if left.many {
        return equal_cells(left.plan, right.plan, Case::Exact);
    }
    match (left.kind, &right.constant) {
        // A condition is never null for long: what is not true is false.
        (ValueType::Boolean, Some(Cell::Boolean(truth))) if !left.field => {
            if *truth {
                left.plan
            } else {
                negated(left.plan)
            }
        }
        (ValueType::Integer | ValueType::Date, Some(Cell::Float(number))) => match whole(*number) {
            Some(number) => left.plan.eq(lit(number)),
            None => unknown(),
        },
        (ValueType::Float, Some(Cell::Integer(number))) => left.plan.eq(lit(*number as f64)),
        _ => left.plan.eq(right.plan),
    }
}

/// Whether a date, or one of several, lies between two others or on them.
fn within(left: Value, first: Expr, last: Expr) -> Expr {
    if !left.many {
        return left.plan.between(first, last);
    }
    call(RowFunction::Within, vec![left.plan, first, last])
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

/// Whether two values of one type are equal, any with any.
pub(super) fn equal_cells(left: Expr, right: Expr, case: Case) -> Expr {
    call(RowFunction::Equal { case }, vec![left, right])
}

/// Whether an event has no such value. A field that can have several and has none is missing too.
pub(super) fn missing(value: Value) -> Expr {
    if value.many { call(RowFunction::Missing, vec![value.plan]) } else { value.plan.is_null() }
}
