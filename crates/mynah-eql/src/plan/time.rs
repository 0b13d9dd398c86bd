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

/// A date as a query writes it: `2026-03-14T12:00:00Z` or its first parts, a number of milliseconds, or `now` with or
/// without an offset (`now-1d`).
///
/// What gives no fraction of a second means all of that second, what gives no hour all of that day: so it is the
/// first and the last millisecond that the date can mean.
pub(super) fn parse(text: &str, now: &dyn Fn() -> Timestamp) -> Option<(i64, i64)> {
    if let Some(offset) = text.strip_prefix("now") {
        let at = now().milliseconds().checked_add(offset_of(offset)?)?;
        return Some((at, at));
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Four digits are a year; any other number is one of milliseconds.
    if digits(text.strip_prefix('-').unwrap_or(text)) && text.len() != 4 {
        let at = text.parse().ok()?;
        return Some((at, at));
    }
    let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
    let date = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    let Some(time) = time else {
        let start = Timestamp::parse(&format!("{date}T00:00:00Z")).ok()?.milliseconds();
        return Some((start, start.checked_add(86_399_999)?));
    };
    // The offset, if there is one, begins at the first of these.
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = (time.get(..zone)?, time.get(zone..)?);
    let (clock, last) = match clock.matches(':').count() {
        0 => (format!("{clock}:00:00"), 3_599_999),
        1 => (format!("{clock}:00"), 59_999),
        _ => (clock.to_owned(), if clock.contains(['.', ',']) { 0 } else { 999 }),
    };
    let start = Timestamp::parse(&format!("{date}T{clock}{zone}")).ok()?.milliseconds();
    Some((start, start.checked_add(last)?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_all_that_it_leaves_open() {
        let now = &|| Timestamp::parse("2026-03-14T12:00:00Z").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap().milliseconds();
        let noon = at("2026-03-14T12:00:00Z");
        assert_eq!(parse("2026-03-14T12:00:00Z", now), Some((noon, noon + 999)));
        assert_eq!(parse("2026-03-14T14:00:00.000+02:00", now), Some((noon, noon)));
        assert_eq!(parse("2026-03-14T12", now), Some((noon, noon + 3_599_999)));
        let midnight = at("2026-03-14T00:00:00Z");
        assert_eq!(parse("2026-03-14", now), Some((midnight, midnight + 86_399_999)));
        assert_eq!(parse("2026", now).map(|(first, _)| first), Some(at("2026-01-01T00:00:00Z")));
        assert_eq!(parse("1773489600000", now), Some((noon, noon)));
        assert_eq!(parse("now-1d", now), Some((noon - 86_400_000, noon - 86_400_000)));
        for wrong in ["", "yesterday", "now-", "now-1x", "now1d", "2026-13-01", "T", "é", "now-é"] {
            assert_eq!(parse(wrong, now), None, "{wrong}");
        }
        assert_eq!(text(noon).as_deref(), Some("2026-03-14T12:00:00.000Z"));
    }
}
