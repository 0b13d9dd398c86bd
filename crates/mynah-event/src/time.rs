use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fmt;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z, of any year that logs write (0001-01-01 stands for "never" in some).
///
/// ```
/// use mynah_event::Timestamp;
/// let at = Timestamp::parse("2026-03-14T12:00:00Z").unwrap();
/// assert_eq!(at.milliseconds(), 1_773_489_600_000);
/// assert_eq!(at, Timestamp::parse("1773489600").unwrap());
/// assert_eq!(at.to_string(), "2026-03-14T12:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i128);

/// A text that is no time in any form that logs use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a time: RFC 3339 (2026-03-14T12:00:00Z), `YYYY-MM-DD HH:MM:SS`, or seconds or milliseconds since 1970"
)]
pub struct TimestampError(String);

impl Timestamp {
    /// From nanoseconds since 1970.
    pub const fn from_nanoseconds(ns: i64) -> Self {
        Timestamp(ns as i128)
    }

    /// From milliseconds since 1970.
    pub const fn from_milliseconds(ms: i64) -> Self {
        Timestamp(ms as i128 * 1_000_000)
    }

    /// From microseconds since 1970.
    pub const fn from_microseconds(us: i64) -> Self {
        Timestamp(us as i128 * 1_000)
    }

    /// The present moment of this machine.
    pub fn wall() -> Self {
        Timestamp::of(jiff::Timestamp::now())
    }

    fn of(at: jiff::Timestamp) -> Self {
        Timestamp(at.as_nanosecond())
    }

    /// Nanoseconds since 1970; of years before 1678 and after 2261, the nearest that there is.
    pub const fn nanoseconds(self) -> i64 {
        if self.0 > i64::MAX as i128 {
            i64::MAX
        } else if self.0 < i64::MIN as i128 {
            i64::MIN
        } else {
            self.0 as i64
        }
    }

    /// Milliseconds since 1970, cut towards the past.
    pub const fn milliseconds(self) -> i64 {
        let near = self.0 as i64;
        // Nearly all moments are; a division of 128 bits is a function of its own.
        if near as i128 == self.0 { near.div_euclid(1_000_000) } else { self.0.div_euclid(1_000_000) as i64 }
    }

    /// Microseconds since 1970, cut towards the past.
    pub const fn microseconds(self) -> i64 {
        self.0.div_euclid(1_000) as i64
    }

    /// Seconds since 1970, with fraction.
    pub fn seconds(self) -> f64 {
        self.milliseconds() as f64 / 1e3
    }

    /// Reads the forms in which logs write time.
    ///
    /// RFC 3339 with any offset; the same without one, with `T` or a space (taken as UTC), or with the word UTC or
    /// GMT after it; a number of
    /// seconds (with fraction), milliseconds, microseconds or nanoseconds since 1970, told apart by size.
    ///
    /// # Errors
    /// Where the text is none of these.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let text = text.trim();
        let text = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")).unwrap_or(text);
        if let Some(at) = plain_rfc3339(text.as_bytes()) {
            return Ok(at);
        }
        let no_time = || TimestampError(text.chars().take(60).collect());
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Timestamp::of(at));
        }
        if let Ok(civil) = text.parse::<DateTime>() {
            return civil.to_zoned(TimeZone::UTC).map(|z| Timestamp::of(z.timestamp())).map_err(|_| no_time());
        }
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(Timestamp::from_nanoseconds(match whole.unsigned_abs() {
                0..=99_999_999_999 => return Ok(Timestamp(i128::from(whole) * 1_000_000_000)),
                100_000_000_000..=99_999_999_999_999 => return Ok(Timestamp::from_milliseconds(whole)),
                100_000_000_000_000..=99_999_999_999_999_999 => whole.saturating_mul(1_000),
                _ => whole,
            }));
        }
        match text.parse::<f64>() {
            Ok(seconds) if seconds.is_finite() && seconds.abs() < 9.2e9 => {
                Ok(Timestamp((seconds * 1e6).round() as i128 * 1_000))
            }
            _ => Err(no_time()),
        }
    }
}

/// The form that nearly all logs use, `2026-03-14T12:00:00Z` with or without a fraction; nothing for any other. The last day of
/// the year 9999, which stands for "never" in many logs, is beyond what jiff reads.
fn plain_rfc3339(text: &[u8]) -> Option<Timestamp> {
    let (date, clock) = (text.get(..19)?, text.get(19..)?);
    let separated = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separated.into_iter().any(|(at, separator)| date.get(at) != Some(&separator)) {
        return None;
    }
    let number = |from: usize, to: usize| {
        date.get(from..to)?.iter().try_fold(0_i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day);
    if !valid || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = match clock.strip_suffix(b"Z")? {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let value =
                digits.iter().try_fold(0_i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))?;
            (digits.len()..9).fold(value, |value, _| value * 10)
        }
        // Nanoseconds as Sumo Logic's Windows source writes them: `+000039800Z`.
        [b'+', digits @ ..] if digits.len() == 9 => {
            digits.iter().try_fold(0_i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))?
        }
        _ => return None,
    };
    // Days since 1970 with years that begin in March, so that a leap day is a year's last (H. Hinnant, "chrono-compatible
    // low-level date algorithms").
    let from_march = (month + 9) % 12;
    let years = year - i64::from(month <= 2);
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + day_of_year - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(Timestamp(i128::from(seconds) * 1_000_000_000 + i128::from(fraction)))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(at) = jiff::Timestamp::from_nanosecond(self.0) {
            return write!(f, "{at}");
        }
        // The last day of the year 9999 and the first of the year -9999 are in some time zones only.
        let since = i64::try_from(self.0.div_euclid(1_000_000_000)).ok();
        let nanoseconds = i32::try_from(self.0.rem_euclid(1_000_000_000)).unwrap_or(0);
        let civil = since.and_then(|seconds| {
            DateTime::constant(1970, 1, 1, 0, 0, 0, 0).checked_add(SignedDuration::new(seconds, nanoseconds)).ok()
        });
        match civil {
            Some(civil) => write!(f, "{civil}Z"),
            None => write!(f, "{}ns", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_that_nanoseconds_do_not_reach_are_kept() {
        for text in [
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
            "9999-12-31T23:59:59.9999999Z",
            "2262-04-12T00:00:00Z",
            "1677-09-20T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Timestamp::parse("0001-01-01T00:00:00Z").unwrap().milliseconds(), -62_135_596_800_000);
    }

    /// What is read without jiff is what jiff reads.
    #[test]
    fn the_common_form_is_read_as_jiff_reads_it() {
        let mut at = jiff::Timestamp::from_second(-8_000_000_000).unwrap();
        for step in 0..20_000_i64 {
            for text in [at.to_string(), format!("{at:.3}"), format!("{at:.9}")] {
                if let Some(found) = plain_rfc3339(text.as_bytes()) {
                    assert_eq!(found, Timestamp::of(text.parse().unwrap()), "{text}");
                }
            }
            at += jiff::SignedDuration::new(160_000 * (step % 11) + step, (step as i32 * 7_919) % 1_000_000_000);
        }
        assert!(plain_rfc3339(b"2024-02-29T23:59:59.5Z").is_some());
        assert_eq!(plain_rfc3339(b"2020-10-12T07:31:14+000039800Z"), plain_rfc3339(b"2020-10-12T07:31:14.000039800Z"));
        for text in ["2023-02-29T00:00:00Z", "2026-03-14T24:00:00Z", "2026-03-14T12:00:60Z", "0000-01-01T00:00:00Z"] {
            assert_eq!(plain_rfc3339(text.as_bytes()), None, "{text}");
        }
    }
}
