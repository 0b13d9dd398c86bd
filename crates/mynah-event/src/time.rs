use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fmt;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use mynah_event::Timestamp;
/// let at = Timestamp::parse("2026-03-14T12:00:00Z").unwrap();
/// assert_eq!(at.milliseconds(), 1_773_489_600_000);
/// assert_eq!(at, Timestamp::parse("1773489600").unwrap());
/// assert_eq!(at.to_string(), "2026-03-14T12:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// A text that is no time in any form that logs use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a time: RFC 3339 (2026-03-14T12:00:00Z), `YYYY-MM-DD HH:MM:SS`, or seconds or milliseconds since 1970"
)]
pub struct TimestampError(String);

impl Timestamp {
    /// From nanoseconds since 1970.
    pub const fn from_nanoseconds(ns: i64) -> Self {
        Timestamp(ns)
    }

    /// From milliseconds since 1970.
    pub const fn from_milliseconds(ms: i64) -> Self {
        Timestamp(ms.saturating_mul(1_000_000))
    }

    /// The present moment of this machine.
    pub fn wall() -> Self {
        Timestamp::of(jiff::Timestamp::now())
    }

    fn of(at: jiff::Timestamp) -> Self {
        Timestamp(at.as_nanosecond().clamp(i64::MIN as i128, i64::MAX as i128) as i64)
    }

    /// Nanoseconds since 1970.
    pub const fn nanoseconds(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970, cut towards the past.
    pub const fn milliseconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
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
        let no_time = || TimestampError(text.chars().take(60).collect());
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Timestamp::of(at));
        }
        if let Ok(civil) = text.parse::<DateTime>() {
            return civil.to_zoned(TimeZone::UTC).map(|z| Timestamp::of(z.timestamp())).map_err(|_| no_time());
        }
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(Timestamp(match whole.unsigned_abs() {
                0..=99_999_999_999 => whole.saturating_mul(1_000_000_000),
                100_000_000_000..=99_999_999_999_999 => whole.saturating_mul(1_000_000),
                100_000_000_000_000..=99_999_999_999_999_999 => whole.saturating_mul(1_000),
                _ => whole,
            }));
        }
        match text.parse::<f64>() {
            Ok(seconds) if seconds.is_finite() && seconds.abs() < 9.2e9 => {
                Ok(Timestamp((seconds * 1e6).round() as i64 * 1_000))
            }
            _ => Err(no_time()),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => write!(f, "{}ns", self.0),
        }
    }
}
