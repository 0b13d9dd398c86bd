//! `span=5m`: how wide the buckets of time or numbers are.
use crate::expression::{Type, Typed};
use crate::functions::{Internal, number};
use datafusion::prelude::lit;
use mynah_syntax::{Diagnostic, Spanned};

/// The width of a bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Width {
    /// So many seconds, or of whatever is counted.
    Units(f64),
    /// So many months of the calendar.
    Months(i32),
}

/// Reads `5m`, `1h`, `1mon`, `10`. What follows an `@` says where buckets begin, which is at whole units anyway.
///
/// # Errors
/// Where it is no span.
pub(super) fn width(text: &Spanned<String>) -> Result<Width, Diagnostic> {
    let wrong = || {
        Diagnostic::error(
            "spl/span",
            format!("`{}` is no span: a number and s, m, h, d, w, mon, q or y", text.node),
            text.span,
        )
    };
    let lower = text.node.to_ascii_lowercase();
    let span = lower.split('@').next().unwrap_or("");
    let unit_at = span.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(span.len());
    let (count, unit) = span.split_at(unit_at);
    let count: f64 = if count.is_empty() { 1.0 } else { count.parse().map_err(|_| wrong())? };
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "cs" => 1e-2,
        "ds" => 0.1,
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        "mon" | "month" | "months" => return months(count, 1.0).ok_or_else(wrong),
        "q" | "qtr" | "qtrs" | "quarter" | "quarters" => return months(count, 3.0).ok_or_else(wrong),
        "y" | "yr" | "yrs" | "year" | "years" => return months(count, 12.0).ok_or_else(wrong),
        _ => return Err(wrong()),
    };
    if unit.is_empty() && unit_at == 0 {
        return Err(wrong());
    }
    let width = count * seconds;
    if width > 0.0 && width.is_finite() { Ok(Width::Units(width)) } else { Err(wrong()) }
}

fn months(count: f64, each: f64) -> Option<Width> {
    let months = count * each;
    ((1.0..100_000.0).contains(&months) && months.fract() == 0.0).then_some(Width::Months(months as i32))
}

/// The beginning of the bucket that a number, or a time in seconds since 1970 (UTC), falls into.
pub(super) fn floor(number: f64, width: Width) -> Option<f64> {
    match width {
        Width::Units(units) => {
            let bucket = (number / units).floor() * units;
            // Parts of seconds leave traces of their binary form.
            Some(if units < 1.0 { (bucket * 1e6).round() / 1e6 } else { bucket })
        }
        Width::Months(months) => {
            let at = jiff::Timestamp::from_millisecond((number * 1e3).floor() as i64)
                .ok()?
                .to_zoned(jiff::tz::TimeZone::UTC);
            let since = (i32::from(at.year()) - 1970) * 12 + i32::from(at.month()) - 1;
            let start = since.div_euclid(months) * months;
            let (year, month) = (1970 + start.div_euclid(12), start.rem_euclid(12) + 1);
            let date = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
            Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second() as f64)
        }
    }
}

/// The bucket of each value.
pub(super) fn bucket(value: Typed, width: Width) -> Typed {
    match width {
        Width::Units(units) => BUCKET.typed(vec![value.into_number(), lit(units)]),
        Width::Months(months) => MONTHS.typed(vec![value.into_number(), lit(f64::from(months))]),
    }
}

/// Buckets of a width.
pub(crate) static BUCKET: Internal = Internal {
    name: "bucket of numbers",
    returns: Type::Number,
    code: |row| number(row.number(0).zip(row.number(1)).and_then(|(value, width)| floor(value, Width::Units(width)))),
};

/// Buckets of so many months.
pub(crate) static MONTHS: Internal = Internal {
    name: "bucket of months",
    returns: Type::Number,
    code: |row| {
        let months = |(value, months)| floor(value, Width::Months(months as i32));
        number(row.number(0).zip(row.number(1).filter(|months| *months >= 1.0)).and_then(months))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_syntax::Span;

    fn parsed(text: &str) -> Result<Width, Diagnostic> {
        width(&Spanned::new(text.to_owned(), Span::at(0)))
    }

    #[test]
    fn spans_are_numbers_with_units() {
        assert_eq!(parsed("5m").unwrap(), Width::Units(300.0));
        assert_eq!(parsed("1d@d").unwrap(), Width::Units(86_400.0));
        assert_eq!(parsed("1mon").unwrap(), Width::Months(1));
        assert_eq!(parsed("10").unwrap(), Width::Units(10.0));
        for text in ["", "0s", "5x", "@d", "-5m"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn buckets_begin_at_whole_units() {
        assert_eq!(floor(1_773_489_659.9, Width::Units(60.0)), Some(1_773_489_600.0));
        assert_eq!(floor(-1.0, Width::Units(60.0)), Some(-60.0));
        assert_eq!(floor(1_773_489_600.0, Width::Months(1)), Some(1_772_323_200.0));
    }
}
