//! Dates in the text of fields, and how times are shown.
use crate::modifier::DatePart;
use jiff::civil::DateTime;
use mynah_event::Timestamp;

/// Milliseconds since 1970 as text: `2026-03-14T12:00:00.000Z`.
pub(super) fn written(milliseconds: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

/// A part of the date that a text is, on the clock that the text itself shows.
pub(super) fn part(text: &str, part: DatePart) -> Option<f64> {
    let date = civil(text.trim())?;
    Some(match part {
        DatePart::Minute => date.minute().into(),
        DatePart::Hour => date.hour().into(),
        DatePart::Day => date.day().into(),
        DatePart::Week => date.date().iso_week_date().week().into(),
        DatePart::Month => date.month().into(),
        DatePart::Year => date.year().into(),
    })
}

fn civil(text: &str) -> Option<DateTime> {
    // What is behind the seconds (a fraction, an offset) moves none of the parts.
    let written = text.get(..19).unwrap_or(text);
    if written.contains('-')
        && let Ok(date) = written.parse()
    {
        return Some(date);
    }
    let at = jiff::Timestamp::from_millisecond(Timestamp::parse(text).ok()?.milliseconds()).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).datetime())
}
