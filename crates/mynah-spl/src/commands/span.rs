//! `span=5m`: how wide the buckets of time or numbers are, and where they begin.
use crate::expression::{Type, Typed, number_text};
use crate::functions::relative_modifier::RelativeTime;
use crate::functions::time::now;
use crate::functions::{Internal, number};
use crate::plan::TimeRange;
use datafusion::prelude::{Expr, lit};
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};

/// The width of a bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Width {
    /// So many seconds, or of whatever is counted.
    Units(f64),
    /// So many months of the calendar.
    Months(i32),
    /// Up to this many times its beginning, which is the coefficient times a power of the base.
    Log { coefficient: f64, base: f64 },
}

/// Where buckets begin that are aligned to something else than 1970.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    /// At this time, and whole widths before and behind it.
    At(f64),
    /// So long before now: `@d+3h`.
    Relative(String),
    /// At a bound of the search's time range.
    Bound(Expr),
}

/// How values are put into buckets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Buckets {
    pub width: Width,
    origin: Option<Origin>,
}

impl From<Width> for Buckets {
    fn from(width: Width) -> Buckets {
        Buckets { width, origin: None }
    }
}

/// The value of `aligntime=`.
#[derive(Debug, Clone)]
pub(super) enum AlignTime {
    To(Origin),
    /// The beginning of the search's time range; of all time that is where spans begin anyway.
    Earliest,
    /// Its end; of all time that is now.
    Latest,
}

/// Reads what `aligntime=` says.
///
/// # Errors
/// Where it is no time.
pub(super) fn align_time(text: &Spanned<String>) -> Result<AlignTime, Diagnostic> {
    if let Ok(seconds) = text.node.parse() {
        return Ok(AlignTime::To(Origin::At(seconds)));
    }
    match text.node.as_str() {
        "earliest" => Ok(AlignTime::Earliest),
        "latest" => Ok(AlignTime::Latest),
        modifier if RelativeTime::parse(modifier).is_some() => Ok(AlignTime::To(Origin::Relative(modifier.to_owned()))),
        other => {
            let message = format!("`aligntime={other}` is no time, such as `@d+3h`, earliest or latest");
            Err(Diagnostic::error("spl/syntax", message, text.span))
        }
    }
}

impl AlignTime {
    fn origin(&self, range: &TimeRange) -> Option<Origin> {
        match self {
            AlignTime::To(origin) => Some(origin.clone()),
            AlignTime::Earliest => range.earliest.clone().map(Origin::Bound),
            AlignTime::Latest => Some(Origin::Bound(range.latest.clone().unwrap_or(now().expr))),
        }
    }
}

impl Buckets {
    /// The same aligned to a time; days and longer spans begin at midnight in any case.
    pub(super) fn aligned(self, to: Option<&AlignTime>, range: &TimeRange) -> Buckets {
        match (self.width, to.and_then(|to| to.origin(range))) {
            (Width::Units(units), Some(origin)) if units % 86_400.0 != 0.0 => Buckets { origin: Some(origin), ..self },
            _ => self,
        }
    }

    fn origin(&self) -> Expr {
        match &self.origin {
            None => lit(0.0),
            Some(Origin::At(seconds)) => lit(*seconds),
            Some(Origin::Bound(bound)) => bound.clone(),
            Some(Origin::Relative(modifier)) => ORIGIN.call(vec![now().expr, lit(modifier.as_str())]),
        }
    }

    /// The beginning of each value's bucket.
    pub(super) fn of(&self, value: Typed) -> Typed {
        let value = value.into_number();
        match self.width {
            Width::Units(units) => BUCKET.typed(vec![value, lit(units), self.origin()]),
            Width::Months(months) => MONTHS.typed(vec![value, lit(f64::from(months))]),
            Width::Log { coefficient, base } => LOG_BUCKET.typed(vec![value, lit(coefficient), lit(base)]),
        }
    }

    /// The bucket that begins with each value, as its range: `0-10`. Buckets of the calendar have none.
    pub(super) fn range(&self, start: Typed) -> Typed {
        let start = start.into_number();
        let end = match self.width {
            Width::Units(units) => start.clone() + lit(units),
            Width::Log { base, .. } => start.clone() * lit(base),
            Width::Months(_) => return Typed::new(start, Type::Number),
        };
        RANGE.typed(vec![start, end])
    }
}

/// Reads `5m`, `1h`, `1mon`, `10`.
///
/// # Errors
/// Where it is no span, or one of no fixed length.
pub(super) fn width(text: &Spanned<String>) -> Result<Width, Diagnostic> {
    match span(text)?.width {
        Width::Log { .. } => Err(Diagnostic::error("spl/span", "a logarithmic span is for numbers", text.span)),
        width => Ok(width),
    }
}

/// Reads the same, `1w@w1` and `2log10`. Weeks begin at the weekday behind an `@`; all other units begin where they do anyway.
///
/// # Errors
/// Where it is no span.
pub(super) fn span(text: &Spanned<String>) -> Result<Buckets, Diagnostic> {
    let wrong = || {
        Diagnostic::error(
            "spl/span",
            format!("`{}` is no span: a number and s, m, h, d, w, mon, q or y", text.node),
            text.span,
        )
    };
    let lower = text.node.to_ascii_lowercase();
    if lower.contains("log") {
        return logarithmic(&lower).map(Buckets::from).ok_or_else(wrong);
    }
    let (span, snap) = lower.split_once('@').unwrap_or((&lower, ""));
    if snap.contains(['+', '-']) {
        let message = format!("a span that begins at `@{snap}` is not supported");
        return Err(Diagnostic::error("spl/unsupported-option", message, text.span)
            .with_help("`aligntime=@d+3h` lets spans that are shorter than a day begin there"));
    }
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
        "mon" | "month" | "months" => return months(count, 1.0).map(Buckets::from).ok_or_else(wrong),
        "q" | "qtr" | "qtrs" | "quarter" | "quarters" => {
            return months(count, 3.0).map(Buckets::from).ok_or_else(wrong);
        }
        "y" | "yr" | "yrs" | "year" | "years" => return months(count, 12.0).map(Buckets::from).ok_or_else(wrong),
        _ => return Err(wrong()),
    };
    if unit.is_empty() && unit_at == 0 {
        return Err(wrong());
    }
    let width = count * seconds;
    if !(width > 0.0 && width.is_finite()) {
        return Err(wrong());
    }
    let origin = weekday(snap).filter(|_| width % 604_800.0 == 0.0).map(Origin::At);
    Ok(Buckets { width: Width::Units(width), origin })
}

/// The first such day of the week after the beginning of 1970, a Thursday.
fn weekday(snap: &str) -> Option<f64> {
    let day: u32 = match snap.strip_prefix('w')? {
        "" => 0,
        digit => digit.parse().ok().filter(|day| *day <= 7)?,
    };
    Some(f64::from((day + 3) % 7) * 86_400.0)
}

/// `log2`, `2log10`, `log`: a coefficient that is less than the base, 1 and 10 if not said.
fn logarithmic(text: &str) -> Option<Width> {
    let (coefficient, base) = text.split_once("log")?;
    let number = |text: &str, default: f64| if text.is_empty() { Some(default) } else { text.parse::<f64>().ok() };
    let (coefficient, base) = (number(coefficient, 1.0)?, number(base, 10.0)?);
    (base > 1.0 && coefficient >= 1.0 && coefficient < base).then_some(Width::Log { coefficient, base })
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
        Width::Log { coefficient, base } => {
            if number <= 0.0 {
                return (number == 0.0).then_some(0.0);
            }
            // Rounding, since the logarithm of 1000 to the base 10 is a little less than 3.
            let power = ((number / coefficient).ln() / base.ln() + 1e-9).floor();
            Some(coefficient * base.powf(power))
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

/// Buckets of a width, counted from a place.
pub(crate) static BUCKET: Internal = Internal {
    name: "bucket of numbers",
    returns: Type::Number,
    code: |row| {
        let origin = row.number(2).unwrap_or(0.0);
        let start = |(value, width)| Some(floor(value - origin, Width::Units(width))? + origin);
        number(row.number(0).zip(row.number(1)).and_then(start))
    },
};

/// Buckets that grow.
pub(crate) static LOG_BUCKET: Internal = Internal {
    name: "logarithmic bucket",
    returns: Type::Number,
    code: |row| {
        let (Some(value), Some(coefficient), Some(base)) = (row.number(0), row.number(1), row.number(2)) else {
            return Cell::Null;
        };
        number(floor(value, Width::Log { coefficient, base }))
    },
};

/// The time that buckets are aligned to.
pub(crate) static ORIGIN: Internal = Internal {
    name: "time of alignment",
    returns: Type::Number,
    code: |row| {
        let modifier = row.text(1).and_then(|text| RelativeTime::parse(&text));
        number(row.number(0).zip(modifier).and_then(|(now, modifier)| modifier.from(now)))
    },
};

/// The range between two numbers.
pub(crate) static RANGE: Internal = Internal {
    name: "range of numbers",
    returns: Type::Text,
    code: |row| {
        // Of the bucket of 0, in which logarithms end, there is just that.
        let range = |(start, end)| match start == end {
            true => number_text(start),
            false => format!("{}-{}", number_text(start), number_text(end)),
        };
        row.number(0).zip(row.number(1)).map(|ends| Cell::text(range(ends))).into()
    },
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
        assert_eq!(span(&Spanned::new("1w@w1".to_owned(), Span::at(0))).unwrap().origin, Some(Origin::At(345_600.0)));
        for text in ["", "0s", "5x", "@d", "-5m", "log2", "1log1", "20log10"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn buckets_begin_at_whole_units() {
        assert_eq!(floor(1_000.0, Width::Log { coefficient: 1.0, base: 10.0 }), Some(1_000.0));
        assert_eq!(floor(30.0, Width::Log { coefficient: 2.0, base: 10.0 }), Some(20.0));
        assert_eq!(floor(1_773_489_659.9, Width::Units(60.0)), Some(1_773_489_600.0));
        assert_eq!(floor(-1.0, Width::Units(60.0)), Some(-60.0));
        assert_eq!(floor(1_773_489_600.0, Width::Months(1)), Some(1_772_323_200.0));
    }
}
