use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A length of time, as Sigma writes timespans: a number and `s`, `m`, `h` or `d`.
///
/// ```
/// use mynah_detection::Duration;
/// let day: Duration = "24h".parse().unwrap();
/// assert_eq!(day.milliseconds(), 86_400_000);
/// assert_eq!(day.to_string(), "24h");
/// assert!("1 day".parse::<Duration>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    count: u32,
    unit: char,
}

impl Duration {
    /// How many milliseconds it is long.
    pub fn milliseconds(self) -> i64 {
        let unit = match self.unit {
            's' => 1_000,
            'm' => 60_000,
            'h' => 3_600_000,
            _ => 86_400_000,
        };
        i64::from(self.count) * unit
    }
}

impl std::str::FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of time: write a number and s, m, h or d, such as 15m");
        let unit = text.chars().next_back().filter(|unit| "smhd".contains(*unit)).ok_or_else(wrong)?;
        let count = text
            .strip_suffix(unit)
            .and_then(|count| count.parse().ok())
            .filter(|count| *count > 0)
            .ok_or_else(wrong)?;
        Ok(Duration { count, unit })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
