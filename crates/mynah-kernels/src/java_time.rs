//! The date patterns of Java's `SimpleDateFormat`, which QRadar's `DATEFORMAT` and Sumo Logic's
//! `formatDate` and `parseDate` take.
//!
//! Source: <https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html>
use crate::calendar::{DAYS, MONTHS};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::fmt::Write;

/// A pattern that Java would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A letter without a meaning. Java: "Illegal pattern character".
    #[error("`{0}` is no letter of a date pattern")]
    Letter(char),
    /// A letter that is repeated so often that only a mistake can be meant.
    #[error("`{0}` stands {1} times in a row: at most {MOST_REPEATED} are possible")]
    Repeated(char, usize),
    /// A quote that is not closed. Java: "Unterminated quote".
    #[error("a quote of the date pattern is not closed")]
    Quote,
}

/// How often a letter may be repeated. Java has no bound, and writes a year of 100,000 digits for every event.
const MOST_REPEATED: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Letter(char, usize),
    Text(String),
}

/// A date pattern, read once for a query.
///
/// ```
/// use jiff::tz::TimeZone;
/// use mynah_kernels::java_time::DatePattern;
/// let pattern = DatePattern::parse("yyyy-MM-dd'T'HH:mm:ss.SSS")?;
/// assert_eq!(pattern.format(1_773_489_600_000, &TimeZone::UTC).as_deref(), Some("2026-03-14T12:00:00.000"));
/// assert_eq!(pattern.read("2026-03-14T12:00:00.000", &TimeZone::UTC), Some(1_773_489_600_000));
/// // `YYYY` is the year of the week: the last days of December can lie in week 1 of the next year.
/// let week_year = DatePattern::parse("YYYY")?;
/// assert_eq!(week_year.format(1_798_675_200_000, &TimeZone::UTC).as_deref(), Some("2027"));
/// # Ok::<(), mynah_kernels::java_time::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePattern(Vec<Field>);

impl DatePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where Java throws `IllegalArgumentException`.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        let mut fields: Vec<Field> = Vec::new();
        let mut characters = pattern.chars().peekable();
        let push_text = |fields: &mut Vec<Field>, c: char| match fields.last_mut() {
            Some(Field::Text(text)) => text.push(c),
            _ => fields.push(Field::Text(c.to_string())),
        };
        while let Some(c) = characters.next() {
            if c == '\'' {
                if characters.next_if_eq(&'\'').is_some() {
                    push_text(&mut fields, '\'');
                    continue;
                }
                loop {
                    match characters.next() {
                        None => return Err(PatternError::Quote),
                        Some('\'') if characters.next_if_eq(&'\'').is_some() => push_text(&mut fields, '\''),
                        Some('\'') => break,
                        Some(quoted) => push_text(&mut fields, quoted),
                    }
                }
            } else if c.is_ascii_alphabetic() {
                if !"GyYMLwWDdFEuaHkKhmsSzZX".contains(c) {
                    return Err(PatternError::Letter(c));
                }
                let mut count = 1;
                while characters.next_if_eq(&c).is_some() {
                    count += 1;
                }
                if count > MOST_REPEATED {
                    return Err(PatternError::Repeated(c, count));
                }
                fields.push(Field::Letter(c, count));
            } else {
                push_text(&mut fields, c);
            }
        }
        Ok(DatePattern(fields))
    }

    /// Whether it holds the week year `Y`, which is rarely meant.
    pub fn has_week_year(&self) -> bool {
        self.0.iter().any(|field| matches!(field, Field::Letter('Y', _)))
    }

    /// Writes a time, in milliseconds since 1970, as the clocks of `zone` show it; nothing for a time out of range.
    ///
    /// Weeks are those of the United States (from Sunday; the week of January 1st is the first), as in
    /// Java's default locale.
    pub fn format(&self, milliseconds: i64, zone: &TimeZone) -> Option<String> {
        let at = Timestamp::from_millisecond(milliseconds).ok()?.to_zoned(zone.clone());
        let mut out = String::with_capacity(24);
        for field in &self.0 {
            match field {
                Field::Text(text) => out.push_str(text),
                Field::Letter(letter, count) => write_field(&mut out, &at, *letter, *count)?,
            }
        }
        Some(out)
    }

    /// Reads a text into milliseconds since 1970; nothing if it does not fit. A text that goes on after
    /// the pattern ends still fits, as in Java's `parse`. Where the text names no zone, `zone` holds.
    pub fn read(&self, text: &str, zone: &TimeZone) -> Option<i64> {
        let mut parts = Parts::default();
        let mut rest = text;
        for (index, field) in self.0.iter().enumerate() {
            match field {
                Field::Text(expected) => {
                    for c in expected.chars() {
                        rest = if c == ' ' { rest.strip_prefix(' ')? } else { rest.strip_prefix(c)? };
                    }
                }
                Field::Letter(letter, count) => {
                    // Digits run on unless the next field is one of digits too.
                    let next_is_number =
                        matches!(self.0.get(index + 1), Some(Field::Letter(next, _)) if !"zZXaEG".contains(*next));
                    rest = parts.read(*letter, *count, next_is_number, rest)?;
                }
            }
        }
        parts.milliseconds(zone)
    }
}

fn write_field(out: &mut String, at: &Zoned, letter: char, count: usize) -> Option<()> {
    let number = |out: &mut String, value: i64| {
        let _ = write!(out, "{value:0count$}");
    };
    let hour = i64::from(at.hour());
    let year = i64::from(at.year());
    match letter {
        'G' => out.push_str(if year > 0 { "AD" } else { "BC" }),
        'y' if count == 2 => number(out, year.rem_euclid(100)),
        'Y' if count == 2 => number(out, week_year(at.date()).rem_euclid(100)),
        'y' => number(out, year),
        'Y' => number(out, week_year(at.date())),
        'M' | 'L' => match (count, MONTHS.get((at.month() - 1) as usize)) {
            (4.., Some(name)) => out.push_str(name),
            (3, Some(name)) => out.push_str(name.get(..3)?),
            _ => number(out, i64::from(at.month())),
        },
        'w' => number(out, week_of_year(at.date())),
        'W' => number(out, (i64::from(at.day()) + first_weekday(at.date().first_of_month()) - 1).div_euclid(7) + 1),
        'D' => number(out, i64::from(at.day_of_year())),
        'd' => number(out, i64::from(at.day())),
        'F' => number(out, (i64::from(at.day()) - 1) / 7 + 1),
        'E' => {
            let name = DAYS.get((at.weekday().to_monday_one_offset() - 1) as usize)?;
            out.push_str(if count >= 4 { name } else { name.get(..3)? });
        }
        'u' => number(out, i64::from(at.weekday().to_monday_one_offset())),
        'a' => out.push_str(if hour < 12 { "AM" } else { "PM" }),
        'H' => number(out, hour),
        'k' => number(out, if hour == 0 { 24 } else { hour }),
        'K' => number(out, hour % 12),
        'h' => number(out, if hour % 12 == 0 { 12 } else { hour % 12 }),
        'm' => number(out, i64::from(at.minute())),
        's' => number(out, i64::from(at.second())),
        'S' => number(out, i64::from(at.millisecond())),
        'z' => out.push_str(&at.strftime("%Z").to_string()),
        'Z' => out.push_str(&at.strftime("%z").to_string()),
        'X' => {
            let seconds = at.offset().seconds();
            if seconds == 0 {
                out.push('Z');
            } else {
                let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
                let _ = match count {
                    1 => write!(out, "{sign}{:02}", minutes / 60),
                    2 => write!(out, "{sign}{:02}{:02}", minutes / 60, minutes % 60),
                    _ => write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60),
                };
            }
        }
        _ => return None,
    }
    Some(())
}

/// The weekday of a date, from 0 for Sunday.
fn first_weekday(date: Date) -> i64 {
    i64::from(date.weekday().to_sunday_zero_offset())
}

/// The first day of the week that holds January 1st of a year.
fn first_week(year: i16) -> Option<Date> {
    let january = Date::new(year, 1, 1).ok()?;
    january.checked_sub(jiff::Span::new().days(first_weekday(january))).ok()
}

fn week_year(date: Date) -> i64 {
    match first_week(date.year().saturating_add(1)) {
        Some(next) if date >= next => i64::from(date.year()) + 1,
        _ => i64::from(date.year()),
    }
}

fn week_of_year(date: Date) -> i64 {
    if week_year(date) != i64::from(date.year()) {
        return 1;
    }
    (i64::from(date.day_of_year()) + first_weekday(date.first_of_year()) - 1).div_euclid(7) + 1
}

/// What reading a text has found so far.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    afternoon: Option<bool>,
    minute: i64,
    second: i64,
    milliseconds: i64,
    zone: Option<TimeZone>,
}

/// Names of zones that say how far the clocks are from UTC, in hours: as Java reads them, whatever the season. Of those that
/// several parts of the world use for different times there are only North America's, which RFC 822 has.
const ABBREVIATIONS: [(&str, i32); 20] = [
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("KST", 9),
];

impl Parts {
    fn read<'t>(&mut self, letter: char, count: usize, next_is_number: bool, text: &'t str) -> Option<&'t str> {
        let name = |names: &[&str]| {
            names.iter().enumerate().find_map(|(index, name)| {
                let short = name.get(..3)?;
                let length = [*name, short]
                    .into_iter()
                    .find(|form| text.get(..form.len()).is_some_and(|start| start.eq_ignore_ascii_case(form)))?
                    .len();
                Some((index as i64 + 1, text.get(length..)?))
            })
        };
        match letter {
            'M' | 'L' if count >= 3 => {
                let (month, rest) = name(&MONTHS)?;
                self.month = Some(month);
                return Some(rest);
            }
            'E' => return name(&DAYS).map(|(_, rest)| rest),
            'a' => {
                let (marker, rest) = (text.get(..2)?, text.get(2..)?);
                self.afternoon = Some(if marker.eq_ignore_ascii_case("pm") {
                    true
                } else if marker.eq_ignore_ascii_case("am") {
                    false
                } else {
                    return None;
                });
                return Some(rest);
            }
            'G' => return text.strip_prefix("AD"),
            'z' | 'Z' | 'X' => return self.read_zone(text),
            _ => {}
        }
        let text = text.trim_start_matches(' ');
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let length = if next_is_number { digits.min(count) } else { digits };
        let value: i64 = text.get(..length).filter(|digits| !digits.is_empty())?.parse().ok()?;
        match letter {
            // Two digits are the year within 80 years before and 20 after now; the century of the logs.
            'y' | 'Y' if count <= 2 && length == 2 => {
                self.year = Some(if value < 70 { 2000 + value } else { 1900 + value })
            }
            'y' | 'Y' => self.year = Some(value),
            'M' | 'L' => self.month = Some(value),
            'd' => self.day = Some(value),
            'D' => self.day_of_year = Some(value),
            'H' => self.hour = Some(value),
            'k' | 'h' if value == if letter == 'k' { 24 } else { 12 } => self.hour = Some(0),
            'k' | 'h' | 'K' => self.hour = Some(value),
            'm' => self.minute = value,
            's' => self.second = value,
            'S' => self.milliseconds = value,
            _ => {}
        }
        text.get(length..)
    }

    fn read_zone<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = text.strip_prefix('Z') {
            self.zone = Some(TimeZone::UTC);
            return Some(rest);
        }
        let after_name = ["GMT", "UTC"].iter().find_map(|name| text.strip_prefix(name));
        let rest = after_name.unwrap_or(text);
        let sign = match rest.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => {
                if after_name.is_some() {
                    self.zone = Some(TimeZone::UTC);
                    return Some(rest);
                }
                let length = rest.bytes().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'_')).count();
                let name = rest.get(..length)?;
                let offset = ABBREVIATIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                self.zone = Some(match offset {
                    Some((_, hours)) => TimeZone::fixed(jiff::tz::Offset::from_seconds(hours * 3600).ok()?),
                    None => TimeZone::get(name).ok()?,
                });
                return rest.get(length..);
            }
        };
        let digits = rest.get(1..)?;
        let hours: i32 = digits.get(..2)?.parse().ok()?;
        let after = digits.get(2..)?;
        let after_colon = after.strip_prefix(':').unwrap_or(after);
        let (minutes, rest) = match after_colon.get(..2).and_then(|minutes| minutes.parse::<i32>().ok()) {
            Some(minutes) => (minutes, after_colon.get(2..)?),
            None => (0, after),
        };
        self.zone = Some(TimeZone::fixed(jiff::tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?));
        Some(rest)
    }

    /// Java is lenient: the 32nd of a month is the 1st of the next, 25 o'clock is 1 o'clock of the next day.
    fn milliseconds(self, zone: &TimeZone) -> Option<i64> {
        let year = i16::try_from(self.year.unwrap_or(1970)).ok()?;
        let start = Date::new(year, 1, 1).ok()?;
        let date = match (self.day_of_year, self.month) {
            (Some(day), None) => start.checked_add(jiff::Span::new().try_days(day - 1).ok()?).ok()?,
            (_, month) => start
                .checked_add(jiff::Span::new().try_months(month.unwrap_or(1) - 1).ok()?)
                .ok()?
                .checked_add(jiff::Span::new().try_days(self.day.unwrap_or(1) - 1).ok()?)
                .ok()?,
        };
        let hour = self.hour.unwrap_or(0) + if self.afternoon == Some(true) { 12 } else { 0 };
        let civil = DateTime::from_parts(date, Time::midnight())
            .checked_add(
                jiff::Span::new().try_hours(hour).ok()?.try_minutes(self.minute).ok()?.try_seconds(self.second).ok()?,
            )
            .ok()?;
        let at = civil.to_zoned(self.zone.unwrap_or_else(|| zone.clone())).ok()?.timestamp();
        at.as_millisecond().checked_add(self.milliseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(pattern: &str, milliseconds: i64) -> String {
        DatePattern::parse(pattern).unwrap().format(milliseconds, &TimeZone::UTC).unwrap()
    }

    #[test]
    fn names_of_zones_are_offsets() {
        let read = |text| DatePattern::parse("MMM d yyyy HH:mm z").unwrap().read(text, &TimeZone::UTC);
        let at = |hour: i64| Some(1_593_820_800_000 + hour * 3_600_000);
        assert_eq!(read("Jul 4 2020 10:00 UTC"), at(10));
        assert_eq!(read("Jul 4 2020 10:00 PST"), at(18));
        assert_eq!(read("Jul 4 2020 10:00 PDT"), at(17));
        assert_eq!(read("Jul 4 2020 10:00 CET"), at(9));
        assert_eq!(read("Jul 4 2020 10:00 America/New_York"), at(14));
        assert_eq!(read("Jul 4 2020 10:00 XYZ"), None);
    }

    #[test]
    fn letters_as_java_documents_them() {
        // 2001-07-04T12:08:56.235Z, the moment of the examples on Java's page, in UTC.
        let at = 994_248_536_235;
        assert_eq!(format("EEE, d MMM yyyy HH:mm:ss Z", at), "Wed, 4 Jul 2001 12:08:56 +0000");
        assert_eq!(format("yyyy.MM.dd G 'at' HH:mm:ss", at), "2001.07.04 AD at 12:08:56");
        assert_eq!(format("h:mm a", at), "12:08 PM");
        assert_eq!(format("hh 'o''clock' a", at), "12 o'clock PM");
        assert_eq!(format("yyMMddHHmmssZ", at), "010704120856+0000");
        assert_eq!(format("YYYY-'W'ww-u", at), "2001-W27-3");
        assert_eq!(format("SSS X XXX", at), "235 Z Z");
    }

    #[test]
    fn reads_what_it_writes() {
        for pattern in [
            "yyyy-MM-dd HH:mm:ss.SSS",
            "EEE, d MMM yyyy hh:mm:ss.SSS a",
            "yyyyMMddHHmmssSSS Z",
            "MMMM dd yyyy kk:mm:ss.SSS X",
        ] {
            let parsed = DatePattern::parse(pattern).unwrap();
            for at in [0, 994_248_536_235, 1_773_489_600_000] {
                let written = parsed.format(at, &TimeZone::UTC).unwrap();
                assert_eq!(parsed.read(&written, &TimeZone::UTC), Some(at), "{pattern}: {written}");
            }
        }
    }

    #[test]
    fn refuses_what_java_refuses() {
        assert_eq!(DatePattern::parse("yyyy-bb"), Err(PatternError::Letter('b')));
        assert_eq!(DatePattern::parse("yyyy 'at"), Err(PatternError::Quote));
        assert_eq!(DatePattern::parse("yyyy").unwrap().read("no year", &TimeZone::UTC), None);
    }
}
