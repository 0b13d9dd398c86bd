//! Tests of one value that no kernel has: numbers, dates, other fields.
use super::dates;
use crate::modifier::{Comparison, DatePart, FieldComparison};
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr;
use mynah_kernels::{Cell, row_function};

/// Whether a text is a number that compares so; of several, any.
pub(super) fn compare(text: Expr, comparison: Comparison, number: f64) -> Expr {
    row_function(format!("sigma_compare {} {number}", comparison.symbol()), DataType::Boolean, move |row| {
        any(row.first(), &|text| text.trim().parse().is_ok_and(|value: f64| comparison.holds(value, number)))
    })
    .call(vec![text])
}

/// Whether a text is a date whose part compares so; of several, any.
pub(super) fn compare_part(text: Expr, part: DatePart, comparison: Comparison, number: f64) -> Expr {
    let name = format!("sigma_date {part:?} {} {number}", comparison.symbol());
    row_function(name, DataType::Boolean, move |row| {
        any(row.first(), &|text| dates::part(text, part).is_some_and(|value| comparison.holds(value, number)))
    })
    .call(vec![text])
}

/// Whether a text is, holds, begins or ends with another field's; of several, any with any.
pub(super) fn fields(left: Expr, right: Expr, how: FieldComparison, cased: bool) -> Expr {
    row_function(format!("sigma_field {how:?} {cased}"), DataType::Boolean, move |row| match row {
        [left, right] => any(Some(left), &|left| {
            let holds = |right: &str| {
                if let FieldComparison::Order(comparison) = how {
                    let number = |text: &str| text.trim().parse::<f64>().ok();
                    return number(left).zip(number(right)).is_some_and(|(left, right)| comparison.holds(left, right));
                }
                let fold = |text: &str| if cased { text.to_owned() } else { text.to_lowercase() };
                let (left, right) = (fold(left), fold(right));
                match how {
                    FieldComparison::Contains => left.contains(&right),
                    FieldComparison::StartsWith => left.starts_with(&right),
                    FieldComparison::EndsWith => left.ends_with(&right),
                    FieldComparison::Equal | FieldComparison::Order(_) => left == right,
                }
            };
            any(Some(right), &holds).as_boolean() == Some(true)
        }),
        _ => Cell::Null,
    })
    .call(vec![left, right])
}

/// Whether a cell's text passes, or one of its texts; nothing of nothing.
fn any(cell: Option<&Cell<'_>>, test: &dyn Fn(&str) -> bool) -> Cell<'static> {
    match cell {
        Some(Cell::Text(text)) => Cell::Boolean(test(text)),
        Some(Cell::List(cells)) => Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(test)),
        _ => Cell::Null,
    }
}
