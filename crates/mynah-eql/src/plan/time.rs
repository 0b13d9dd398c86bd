//! Dates: milliseconds since 1970 in columns, text in queries and results.
use crate::functions::RowFunction;
use datafusion::prelude::Expr;
use mynah_event::Timestamp;
use mynah_kernels::call;

/// A column of milliseconds as Elasticsearch shows dates: `2026-03-14T12:00:00.000Z`.
pub(super) fn written_column(column: Expr, many: bool) -> Expr {
    call(RowFunction::Date { many }, vec![column])
}

/// Milliseconds since 1970 as a date; none where the calendar ends.
pub(crate) fn written(milliseconds: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A date as a query writes it.
///
/// What gives no fraction of a second means all of that second, what gives no hour all of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    /// `2026-03-14T12:00:00Z` or its first parts, or a number of milliseconds: the first and the last that it can mean.
    Between(i64, i64),
    /// `now` with or without an offset (`now-1d`): so many milliseconds after the clock.
    FromNow(i64),
}

impl Date {
    pub fn parse(text: &str) -> Option<Date> {
        if let Some(offset) = text.strip_prefix("now") {
            return offset_of(offset).map(Date::FromNow);
        }
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Four digits are a year; any other number is one of milliseconds.
        if digits(text.strip_prefix('-').unwrap_or(text)) && text.len() != 4 {
            let at = text.parse().ok()?;
            return Some(Date::Between(at, at));
        }
        let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
        let date = match date.len() {
            4 => format!("{date}-01-01"),
            7 => format!("{date}-01"),
            _ => date.to_owned(),
        };
        let Some(time) = time else {
            let start = Timestamp::parse(&format!("{date}T00:00:00Z")).ok()?.milliseconds();
            return Some(Date::Between(start, start.checked_add(86_399_999)?));
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
        Some(Date::Between(start, start.checked_add(last)?))
    }
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
    // What is farther away than the calendar reaches is no date, and could not be added to the clock.
    let length = count.checked_mul(unit).filter(|length| length.unsigned_abs() < 1 << 60)?;
    text.starts_with(['+', '-']).then_some(length)
}
