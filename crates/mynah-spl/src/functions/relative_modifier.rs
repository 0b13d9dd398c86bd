//! Relative times: `-1d@d`, `@w1`, `-15m`, `-7d@w1+2h`.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A relative time: what is added to a time and to which unit it is cut down, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelativeTime(Vec<Step>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Add(i64, Unit),
    Snap(Unit),
    /// Back to the last such day of the week, from 0 for Sunday.
    SnapToWeekday(i8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl RelativeTime {
    /// Reads a time modifier; `now` and the empty text change nothing.
    pub(crate) fn parse(text: &str) -> Option<RelativeTime> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        if let Some(after) = rest.strip_prefix("now") {
            rest = after;
        }
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('@') {
                let length = after.find(['+', '-', '@']).unwrap_or(after.len());
                let (name, after) = after.split_at(length);
                steps.push(snap(name)?);
                rest = after;
                continue;
            }
            let (sign, after) = match rest.strip_prefix('-') {
                Some(after) => (-1, after),
                None => (1, rest.strip_prefix('+').unwrap_or(rest)),
            };
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (count, after) = after.split_at(digits);
            let count: i64 = if count.is_empty() { 1 } else { count.parse().ok()? };
            let length = after.find(['+', '-', '@']).unwrap_or(after.len());
            let (name, after) = after.split_at(length);
            steps.push(Step::Add(sign * count, unit(name)?));
            rest = after;
        }
        Some(RelativeTime(steps))
    }

    /// The time, in seconds since 1970, that lies so far from another; days and months are UTC's.
    pub(crate) fn from(&self, seconds: f64) -> Option<f64> {
        let mut at = civil(seconds)?;
        for step in &self.0 {
            at = match *step {
                Step::Add(count, unit) => {
                    let span = Span::new();
                    let span = match unit {
                        Unit::Second => span.try_seconds(count),
                        Unit::Minute => span.try_minutes(count),
                        Unit::Hour => span.try_hours(count),
                        Unit::Day => span.try_days(count),
                        Unit::Week => span.try_weeks(count),
                        Unit::Month => span.try_months(count),
                        Unit::Quarter => span.try_months(count.checked_mul(3)?),
                        Unit::Year => span.try_years(count),
                    };
                    at.checked_add(span.ok()?).ok()?
                }
                Step::Snap(unit) => match unit {
                    Unit::Second => at.date().at(at.hour(), at.minute(), at.second(), 0),
                    Unit::Minute => at.date().at(at.hour(), at.minute(), 0, 0),
                    Unit::Hour => at.date().at(at.hour(), 0, 0, 0),
                    Unit::Day => midnight(at.date()),
                    Unit::Week => to_weekday(at, 0)?,
                    Unit::Month => midnight(at.date().first_of_month()),
                    Unit::Quarter => midnight(Date::new(at.year(), (at.month() - 1) / 3 * 3 + 1, 1).ok()?),
                    Unit::Year => midnight(at.date().first_of_year()),
                },
                Step::SnapToWeekday(day) => to_weekday(at, day)?,
            };
        }
        let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(at.as_second() as f64 + f64::from(at.subsec_nanosecond()) / 1e9)
    }
}

/// A time in seconds since 1970 as date and time of day, UTC.
pub(crate) fn civil(seconds: f64) -> Option<DateTime> {
    if !seconds.is_finite() || seconds.abs() > 1e12 {
        return None;
    }
    // A double holds microseconds of today's times, not nanoseconds.
    let microseconds = (seconds * 1e6).round() as i64;
    Some(Timestamp::from_microsecond(microseconds).ok()?.to_zoned(TimeZone::UTC).datetime())
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

fn to_weekday(at: DateTime, day: i8) -> Option<DateTime> {
    let back = (at.date().weekday().to_sunday_zero_offset() - day).rem_euclid(7);
    midnight(at.date()).checked_sub(Span::new().days(i64::from(back))).ok()
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mon" | "month" | "months" => Unit::Month,
        "q" | "qtr" | "qtrs" | "quarter" | "quarters" => Unit::Quarter,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
        _ => return None,
    })
}

fn snap(name: &str) -> Option<Step> {
    if let Some(day) = name.strip_prefix('w').and_then(|day| day.parse::<i8>().ok()) {
        return (0..=7).contains(&day).then_some(Step::SnapToWeekday(day % 7));
    }
    unit(name).map(Step::Snap)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-14T12:34:56Z, a Saturday.
    const AT: f64 = 1_773_491_696.0;

    fn from(modifier: &str) -> String {
        let seconds = RelativeTime::parse(modifier).unwrap().from(AT).unwrap();
        civil(seconds).unwrap().to_string()
    }

    #[test]
    fn steps_are_taken_in_order() {
        assert_eq!(from("now"), "2026-03-14T12:34:56");
        assert_eq!(from("-1d@d"), "2026-03-13T00:00:00");
        assert_eq!(from("@w1"), "2026-03-09T00:00:00");
        assert_eq!(from("@w0"), "2026-03-08T00:00:00");
        assert_eq!(from("@w6"), "2026-03-14T00:00:00");
        assert_eq!(from("-mon@mon+2h"), "2026-02-01T02:00:00");
        assert_eq!(from("@q"), "2026-01-01T00:00:00");
        assert_eq!(from("+15m"), "2026-03-14T12:49:56");
        assert_eq!(from("-1y@y"), "2025-01-01T00:00:00");
        assert_eq!(RelativeTime::parse("-1fortnight"), None);
        assert_eq!(RelativeTime::parse("@w8"), None);
    }
}
