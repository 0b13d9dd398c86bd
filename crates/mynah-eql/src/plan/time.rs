//! Dates: milliseconds since 1970 in columns, text in queries and results.
use crate::functions::spread;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::prelude::Expr;
use mynah_event::Timestamp;
use mynah_kernels::{Cell, row_function};
use std::sync::Arc;

/// A column of milliseconds as Elasticsearch shows dates: `2026-03-14T12:00:00.000Z`.
pub(super) fn written(column: Expr, many: bool) -> Expr {
    let texts = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let returns = if many { texts } else { DataType::Utf8 };
    let function = row_function("eql_date", returns, |row| {
        spread(row, false, &|row| match row {
            [Cell::Integer(milliseconds)] => text(*milliseconds).map(Cell::text).into(),
            _ => Cell::Null,
        })
    });
    function.call(vec![column])
}

/// Milliseconds since 1970 as a date; none where the calendar ends.
pub(super) fn text(milliseconds: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A date as a query writes it, in milliseconds: a date and time in the usual forms, a number of milliseconds, or
/// `now` with or without an offset (`now-1d`).
pub(super) fn parse(text: &str, now: Timestamp) -> Option<i64> {
    if let Some(offset) = text.strip_prefix("now") {
        return now.milliseconds().checked_add(offset_of(offset)?);
    }
    // Elasticsearch takes a bare number for milliseconds, however few they are.
    if let Ok(milliseconds) = text.parse::<i64>() {
        return Some(milliseconds);
    }
    let whole_day = (text.len() == "2026-03-14".len()).then(|| format!("{text}T00:00:00Z"));
    Timestamp::parse(whole_day.as_deref().unwrap_or(text)).ok().map(Timestamp::milliseconds)
}

/// `-1d`, `+2h`, or nothing, in milliseconds.
fn offset_of(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let unit = match text.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' | 'H' => 3_600_000,
        'd' => 86_400_000,
        'w' => 604_800_000,
        _ => return None,
    };
    let count: i64 = text.get(..text.len() - 1)?.parse().ok()?;
    text.starts_with(['+', '-']).then(|| count.checked_mul(unit)).flatten()
}
