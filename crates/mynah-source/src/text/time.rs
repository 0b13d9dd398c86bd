//! Times in lines of text, in the forms that programs write.
use std::ops::Range;

/// A time in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundTime {
    /// Where it stands.
    pub range: Range<usize>,
    /// The same as RFC 3339; without an offset where the line has none.
    pub text: String,
}

/// A day that years are told by: a date without a year is the last such day that is not after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Today {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl Today {
    /// The day after a moment: what is written then may be of a time zone that is ahead.
    pub fn after(moment: std::time::SystemTime) -> Today {
        let at = jiff::Timestamp::try_from(moment).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let date = date.tomorrow().unwrap_or(date);
        let number = |n: i8| u32::try_from(n).unwrap_or(1);
        Today { year: u32::try_from(date.year()).unwrap_or(1970), month: number(date.month()), day: number(date.day()) }
    }

    fn year_of(self, month: u32, day: u32) -> u32 {
        if (month, day) > (self.month, self.day) { self.year.saturating_sub(1) } else { self.year }
    }
}

/// How far into a line a time is looked for.
const LOOK_AHEAD: usize = 160;

/// The first time in a text that begins within [`LOOK_AHEAD`] bytes.
pub(crate) fn find(text: &str, today: Today) -> Option<FoundTime> {
    let bytes = text.as_bytes();
    let mut before = b' ';
    for (at, byte) in bytes.iter().copied().enumerate().take(LOOK_AHEAD) {
        let begins = !before.is_ascii_alphanumeric() && !matches!(before, b'.' | b'-' | b'/' | b':' | b'_');
        before = byte;
        if begins
            && (byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && let Some(found) = at_start(text, at, today)
        {
            return Some(found);
        }
    }
    None
}

/// The time that begins at `at`.
pub(crate) fn at_start(text: &str, at: usize, today: Today) -> Option<FoundTime> {
    let bytes = text.as_bytes();
    let read = Cursor { bytes, at };
    let (end, text) = match bytes.get(at)? {
        b'0'..=b'9' => {
            year_first(read).or_else(|| day_first(read)).or_else(|| in_slashes(read)).or_else(|| since_1970(read, at))
        }
        _ => month_first(read, today),
    }?;
    // What goes on is a longer number or word.
    let goes_on = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric());
    (!goes_on).then_some(FoundTime { range: at..end, text })
}

#[derive(Clone, Copy)]
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// One of these bytes.
    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    /// A number of so many digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let rest = self.bytes.get(self.at..)?;
        let count = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        self.at += count;
        Some(rest.iter().take(count).fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
    }

    fn month(&mut self) -> Option<u32> {
        const MONTHS: [&[u8; 3]; 12] =
            [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
        let name = self.bytes.get(self.at..self.at + 3)?;
        let month = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(*month))?;
        self.at += 3;
        u32::try_from(month + 1).ok()
    }

    /// `12:00:00`, with a fraction behind a dot or a comma: an RFC 3339 time.
    fn clock(&mut self) -> Option<String> {
        let hour = self.digits(1, 2)?;
        self.one_of(b":")?;
        let minute = self.digits(2, 2)?;
        self.one_of(b":")?;
        let second = self.digits(2, 2)?;
        let mut fraction = String::new();
        let here = *self;
        if self.one_of(b".,").is_some() {
            let start = self.at;
            match self.digits(1, 9) {
                // A longer one is cut: nobody measures below nanoseconds.
                Some(_) => {
                    fraction = format!(".{}", String::from_utf8_lossy(self.bytes.get(start..self.at)?));
                    while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                        self.at += 1;
                    }
                }
                None => *self = here,
            }
        }
        let mut hour = hour;
        let here = *self;
        if self.one_of(b" ").is_some()
            && let Some(half) = self.one_of(b"AaPp")
            && self.one_of(b"Mm").is_some()
            && (1..=12).contains(&hour)
        {
            hour = hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
        } else {
            *self = here;
        }
        (hour < 24 && minute < 60 && second < 61).then(|| {
            // A leap second is the one before it: what reads this knows none.
            format!("{hour:02}:{minute:02}:{:02}{fraction}", second.min(59))
        })
    }

    /// `Z`, `+01:00`, `+0100`, ` UTC`, with or without a blank before; nothing where there is none.
    fn offset(&mut self) -> String {
        let here = *self;
        self.one_of(b" ");
        if let Some(sign) = self.one_of(b"+-")
            && let Some(hours) = self.digits(2, 2)
        {
            self.one_of(b":");
            if let Some(minutes) = self.digits(2, 2)
                && hours < 24
                && minutes < 60
                && !self.peek().is_some_and(|byte| byte.is_ascii_digit())
            {
                return format!("{}{hours:02}:{minutes:02}", char::from(sign));
            }
        }
        *self = here;
        for zone in [&b"Z"[..], b" UTC", b" GMT", b" Z"] {
            let end = self.at + zone.len();
            let follows = self.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
            if self.bytes.get(self.at..end) == Some(zone) && !follows {
                self.at = end;
                return "Z".to_owned();
            }
        }
        String::new()
    }

    /// The end and the time, once date and clock are known.
    fn done(mut self, (year, month, day): (u32, u32, u32), clock: &str) -> Option<(usize, String)> {
        let valid = (1970..2262).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        let offset = self.offset();
        valid.then(|| (self.at, format!("{year:04}-{month:02}-{day:02}T{clock}{offset}")))
    }
}

/// `2026-03-14T12:00:00Z`, `2026/03/14 12:00:00`, `2026 Mar 14 12:00:00`.
fn year_first(mut read: Cursor<'_>) -> Option<(usize, String)> {
    let year = read.digits(4, 4)?;
    let separator = read.one_of(b"-/ .")?;
    let month = if separator == b' ' { read.month()? } else { read.digits(1, 2)? };
    read.one_of(&[separator])?;
    let day = read.digits(1, 2)?;
    read.one_of(b"T t:_-")?;
    let clock = read.clock()?;
    read.done((year, month, day), &clock)
}

/// `14/Mar/2026:12:00:00 +0000`, `14 Mar 2026 12:00:00`, `14-Mar-2026 12:00:00`.
fn day_first(mut read: Cursor<'_>) -> Option<(usize, String)> {
    let day = read.digits(1, 2)?;
    let separator = read.one_of(b"/- ")?;
    let month = read.month()?;
    read.one_of(&[separator])?;
    let year = read.digits(4, 4)?;
    read.one_of(b": T")?;
    let clock = read.clock()?;
    read.done((year, month, day), &clock)
}

/// `03/14/2026 12:00:00 PM`: the month first, unless it cannot be one.
fn in_slashes(mut read: Cursor<'_>) -> Option<(usize, String)> {
    let first = read.digits(1, 2)?;
    let separator = read.one_of(b"/-.")?;
    let second = read.digits(1, 2)?;
    read.one_of(&[separator])?;
    let year = read.digits(4, 4)?;
    read.one_of(b",");
    read.one_of(b" T:")?;
    let clock = read.clock()?;
    // With dots it is the day that comes first, wherever dates are written so.
    let (month, day) = if first > 12 || separator == b'.' { (second, first) } else { (first, second) };
    read.done((year, month, day), &clock)
}

/// `1773489600.123`: seconds or milliseconds since 1970, of the years from 2001 to 2096, at a line's beginning alone.
fn since_1970(mut read: Cursor<'_>, at: usize) -> Option<(usize, String)> {
    if at > 1 {
        return None;
    }
    let start = read.at;
    while read.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        read.at += 1;
    }
    let length = read.at - start;
    let in_range = matches!(read.bytes.get(start), Some(b'1'..=b'3'));
    let here = read;
    if length == 10 && read.one_of(b".").is_some() && read.digits(1, 9).is_none() {
        read = here;
    }
    let text = String::from_utf8_lossy(read.bytes.get(start..read.at)?).into_owned();
    (in_range && (length == 10 || length == 13)).then_some((read.at, text))
}

/// `Mar 14 12:00:00`, with a year before the clock or behind it; a day of the week may come first.
fn month_first(mut read: Cursor<'_>, today: Today) -> Option<(usize, String)> {
    let month = read.month()?;
    read.one_of(b" -")?;
    while read.one_of(b" ").is_some() {}
    let day = read.digits(1, 2)?;
    read.one_of(b",");
    read.one_of(b" -")?;
    while read.one_of(b" ").is_some() {}
    let here = read;
    let mut year = read.digits(4, 4).filter(|_| read.one_of(b" -").is_some());
    if year.is_none() {
        read = here;
    }
    let clock = read.clock()?;
    if year.is_none() {
        // `Sat Mar 14 12:00:00 UTC 2026`
        let here = read;
        read.offset();
        year = read.one_of(b" ").and_then(|_| read.digits(4, 4)).filter(|year| (1970..2262).contains(year));
        if year.is_none() || read.peek().is_some_and(|byte| !byte.is_ascii_whitespace() && !b"]),:".contains(&byte)) {
            year = None;
            read = here;
        }
    }
    read.done((year.unwrap_or_else(|| today.year_of(month, day)), month, day), &clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Today = Today { year: 2026, month: 3, day: 15 };

    #[test]
    fn the_forms_that_programs_write() {
        for (line, wanted) in [
            ("2026-03-14T12:00:00.5Z host x", "2026-03-14T12:00:00.5Z"),
            ("2026-03-14 12:00:00,123 INFO", "2026-03-14T12:00:00.123"),
            ("[2026-03-14 12:00:00.123456 +01:00] x", "2026-03-14T12:00:00.123456+01:00"),
            ("2026/03/14 12:00:00 [error] 7#7: x", "2026-03-14T12:00:00"),
            (r#"192.0.2.7 - - [14/Mar/2026:12:00:00 +0100] "GET /""#, "2026-03-14T12:00:00+01:00"),
            ("Mar 14 12:00:00 host x", "2026-03-14T12:00:00"),
            ("Mar  4 12:00:00.25 host x", "2026-03-04T12:00:00.25"),
            ("Dec 31 23:59:59 host x", "2025-12-31T23:59:59"),
            ("Mar 14 2025 12:00:00: %ASA-1-1: x", "2025-03-14T12:00:00"),
            ("[Sat Mar 14 12:00:00.123456 2026] [error]", "2026-03-14T12:00:00.123456"),
            ("Sat Mar 14 12:00:00 UTC 2026 x", "2026-03-14T12:00:00"),
            ("Date: Sat, 14 Mar 2026 12:00:00 +0000", "2026-03-14T12:00:00+00:00"),
            ("03/14/2026 01:02:03 PM x", "2026-03-14T13:02:03"),
            ("14/03/2026 12:00:00 x", "2026-03-14T12:00:00"),
            ("14.03.2026 12:00:00 x", "2026-03-14T12:00:00"),
            ("1773489600.123 5 10.0.0.9", "1773489600.123"),
            ("1773489600123 5", "1773489600123"),
            ("a b 2026-03-14T12:00:00Z", "2026-03-14T12:00:00Z"),
        ] {
            assert_eq!(find(line, TODAY).map(|found| found.text).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for line in [
            "",
            "x",
            "1234567890123456",
            "10.0.0.9 12",
            "x 1773489600",
            "May I ask",
            "2026-03-14",
            "99/99/2026 12:00:00",
        ] {
            assert_eq!(find(line, TODAY), None, "{line}");
        }
    }
}
