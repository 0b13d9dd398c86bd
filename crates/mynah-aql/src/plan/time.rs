//! The clauses that bound the time, and the times they take.
use super::{Constant, Typed, to_integer};
use crate::ast::Unit;
use datafusion::prelude::{Expr, lit};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use mynah_event::Timestamp;

const MINUTE: i64 = 60_000;

/// Whether an event is of the last `count` units before `now`.
pub(super) fn last(starttime: &Typed, count: u64, unit: Unit, now: i64) -> Expr {
    let span = i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(unit.milliseconds());
    let at = to_integer(starttime);
    at.clone().gt_eq(lit(now.saturating_sub(span))).and(at.lt_eq(lit(now)))
}

/// Whether an event is of the minutes from `start` to `stop`: searches by START and STOP go by whole minutes, so
/// that a second in `start` counts from the beginning of its minute and one in `stop` up to the end of its.
pub(super) fn between(starttime: &Typed, start: Option<i64>, stop: Option<i64>, now: i64) -> Expr {
    let at = to_integer(starttime);
    let stop = match stop {
        Some(stop) => at.clone().lt(lit(stop.saturating_add(MINUTE - 1).div_euclid(MINUTE).saturating_mul(MINUTE))),
        None => at.clone().lt_eq(lit(now)),
    };
    match start {
        Some(start) => at.gt_eq(lit(start.div_euclid(MINUTE).saturating_mul(MINUTE))).and(stop),
        None => stop,
    }
}

/// The milliseconds that a value of START or STOP names.
pub(super) fn moment(value: &Typed, now: i64) -> Option<i64> {
    match &value.constant {
        Some(Constant::Integer(milliseconds)) => Some(*milliseconds),
        Some(Constant::Text(text)) => parse_moment(text, now),
        _ => None,
    }
}

/// Reads a time as QRadar takes it: a date with time in one of its forms, `now`, `today`, `yesterday`, or `2 hours ago`.
pub(crate) fn parse_moment(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    let folded = text.to_lowercase();
    let words: Vec<&str> = folded.split_whitespace().collect();
    match words.as_slice() {
        ["now"] => return Some(now),
        ["today"] => return Some(midnight(now)),
        ["yesterday"] => return Some(midnight(now).saturating_sub(Unit::Days.milliseconds())),
        [count, unit, "ago"] => {
            let count: i64 = count.parse().ok()?;
            let length = match *unit {
                "week" | "weeks" => Unit::Days.milliseconds() * 7,
                unit => Unit::parse(unit)?.milliseconds(),
            };
            return Some(now.saturating_sub(count.saturating_mul(length)));
        }
        _ => {}
    }
    // yyyy-MM-dd HH:mm[:ss], with slashes or colons in the date and a dash before the time.
    let bare = text.trim_end_matches(['Z', 'z']).trim_end();
    let (year, rest) = (bare.get(..4)?, bare.get(4..)?);
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | ':'));
    if let Some(separator) = separator {
        let mut date = rest.get(1..)?.splitn(2, separator);
        let (month, rest) = (date.next()?, date.next()?);
        let day_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (day, time) = (rest.get(..day_end)?, rest.get(day_end..)?.trim_start_matches([' ', '-', 'T']));
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
        let mut parts = time.split(':');
        let hour = parts.next().filter(|part| !part.is_empty()).map_or(Some(0), |part| part.parse().ok());
        let minute = parts.next().map_or(Some(0), |part| part.parse().ok());
        let seconds = parts.next().unwrap_or("0");
        let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        let milliseconds: i32 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        if let (Some(date), Some(hour), Some(minute), None) = (date, hour, minute, parts.next()) {
            let at = DateTime::new(
                date.year(),
                date.month(),
                date.day(),
                hour,
                minute,
                second.parse().ok()?,
                milliseconds * 1_000_000,
            )
            .ok()?;
            return Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
        }
    }
    Timestamp::parse(text).ok().map(Timestamp::milliseconds)
}

fn midnight(now: i64) -> i64 {
    let day = Unit::Days.milliseconds();
    now.div_euclid(day).saturating_mul(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_773_489_600_000; // 2026-03-14T12:00:00Z

    #[test]
    fn moments_in_the_documented_forms() {
        for text in [
            "2026-03-14 12:00",
            "2026-03-14 12:00:00",
            "2026/03/14 12:00:00",
            "2026/03/14-12:00:00",
            "2026:03:14-12:00:00",
            "2026-03-14 12:00Z",
            "2026-03-14T12:00:00z",
            "now",
            "1773489600000",
        ] {
            assert_eq!(parse_moment(text, NOW), Some(NOW), "{text}");
        }
        assert_eq!(parse_moment("1 hour ago", NOW), Some(NOW - 3_600_000));
        assert_eq!(parse_moment("2 Weeks ago", NOW), Some(NOW - 14 * 86_400_000));
        assert_eq!(parse_moment("yesterday", NOW), Some(NOW - 36 * 3_600_000));
        for text in ["", "soon", "é", "2026", "x hours ago", "2026-13-14 12:00", "3 moons ago"] {
            assert!(parse_moment(text, NOW).is_none() || text == "2026", "{text}");
        }
    }
}
