//! Splunk's time formats: `strftime`'s and `strptime`'s variables, with Splunk's own (`%Q`, `%N`, `%3N`).

use super::relative_modifier::civil;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use mynah_kernels::calendar::{DAYS, MONTHS};

/// A variable of a format with what stands between `%` and its letter.
enum Piece<'f> {
    Literal(char),
    Variable { width: Option<usize>, colons: usize, letter: char },
    Unknown(&'f str),
}

/// What a variable stands for that is several others.
fn composite(letter: char) -> Option<&'static str> {
    Some(match letter {
        'c' => "%a %b %e %H:%M:%S %Y",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        'D' => "%m/%d/%y",
        'F' => "%Y-%m-%d",
        'r' => "%I:%M:%S %p",
        'R' => "%H:%M",
        'T' => "%H:%M:%S",
        'v' => "%e-%b-%Y",
        _ => return None,
    })
}

fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        if c != '%' {
            pieces.push(Piece::Literal(c));
            rest = after;
            continue;
        }
        // GNU's flags for padding, a width, colons for the zone, and the modifiers E and O.
        let spec = after.trim_start_matches(['-', '_', '^', '#']);
        let digits = spec.bytes().take_while(u8::is_ascii_digit).count();
        let width = spec.get(..digits).and_then(|digits| digits.parse().ok());
        let spec = spec.get(digits..).unwrap_or("");
        let colons = spec.bytes().take_while(|b| *b == b':').count();
        let spec = spec.get(colons..).unwrap_or("");
        let spec = if spec.len() > 1 { spec.strip_prefix(['E', 'O']).unwrap_or(spec) } else { spec };
        let Some(letter) = spec.chars().next() else {
            pieces.push(Piece::Unknown(rest));
            break;
        };
        let end = rest.len() - spec.len() + letter.len_utf8();
        match composite(letter) {
            Some(format) => pieces.extend(self::pieces(format)),
            None if "aAbBCdefgGhHIjkKlmMnNpPQsStuUVwWxXyYzZ%".contains(letter) => {
                pieces.push(Piece::Variable { width, colons, letter });
            }
            None => pieces.push(Piece::Unknown(rest.get(..end).unwrap_or(rest))),
        }
        rest = rest.get(end..).unwrap_or("");
    }
    pieces
}

/// A time, in seconds since 1970, in a format; in UTC.
pub(crate) fn format_time(seconds: f64, format: &str) -> Option<String> {
    let at = civil(seconds)?;
    let mut out = String::new();
    for piece in pieces(format) {
        match piece {
            Piece::Literal(c) => out.push(c),
            Piece::Unknown(text) => out.push_str(text),
            Piece::Variable { width, colons, letter } => out.push_str(&variable(at, seconds, width, colons, letter)?),
        }
    }
    Some(out)
}

fn variable(at: DateTime, seconds: f64, width: Option<usize>, colons: usize, letter: char) -> Option<String> {
    let weekday = at.date().weekday().to_sunday_zero_offset();
    let day_of_year = i64::from(at.date().day_of_year());
    let name = |names: &[&'static str], index: i8| {
        usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or("")
    };
    let short = |name: &str| name.get(..3).unwrap_or(name).to_owned();
    let hour12 = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let iso = at.date().iso_week_date();
    // Digits of the fraction of a second.
    let fraction = |digits: usize| {
        format!("{:09}", at.subsec_nanosecond()).chars().chain(std::iter::repeat('0')).take(digits).collect::<String>()
    };
    Some(match letter {
        'a' => short(name(&DAYS, (weekday + 6) % 7)),
        'A' => name(&DAYS, (weekday + 6) % 7).to_owned(),
        'b' | 'h' => short(name(&MONTHS, at.month() - 1)),
        'B' => name(&MONTHS, at.month() - 1).to_owned(),
        'C' => format!("{:02}", at.year() / 100),
        'd' => format!("{:02}", at.day()),
        'e' => format!("{:2}", at.day()),
        'f' => fraction(width.unwrap_or(6)),
        'g' => format!("{:02}", iso.year().rem_euclid(100)),
        'G' => iso.year().to_string(),
        'H' => format!("{:02}", at.hour()),
        'I' => format!("{hour12:02}"),
        'j' => format!("{day_of_year:03}"),
        'k' => format!("{:2}", at.hour()),
        'l' => format!("{hour12:2}"),
        'm' => format!("{:02}", at.month()),
        'M' => format!("{:02}", at.minute()),
        'n' => "\n".to_owned(),
        'N' => fraction(width.unwrap_or(9)),
        'p' => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        'P' => if at.hour() < 12 { "am" } else { "pm" }.to_owned(),
        'Q' => fraction(width.unwrap_or(3)),
        's' => (seconds.floor() as i64).to_string(),
        'S' => format!("{:02}", at.second()),
        't' => "\t".to_owned(),
        'u' => if weekday == 0 { 7 } else { weekday }.to_string(),
        'U' => format!("{:02}", (day_of_year + 6 - i64::from(weekday)) / 7),
        'V' => format!("{:02}", iso.week()),
        'w' => weekday.to_string(),
        'W' => format!("{:02}", (day_of_year + 6 - i64::from((weekday + 6) % 7)) / 7),
        // The date and the time of day of the locale, as the reference has them for US English.
        'x' => format!("{}/{}/{}", at.month(), at.day(), at.year()),
        'X' => format!("{}:{:02}:{:02}", at.hour(), at.minute(), at.second()),
        'y' => format!("{:02}", at.year().rem_euclid(100)),
        'Y' => at.year().to_string(),
        'z' => match colons {
            0 => "+0000",
            1 => "+00:00",
            2 => "+00:00:00",
            _ => "+00",
        }
        .to_owned(),
        'Z' => "UTC".to_owned(),
        '%' => "%".to_owned(),
        _ => String::new(),
    })
}

#[derive(Default)]
struct Parts {
    year: Option<i16>,
    short_year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    day_of_year: Option<i64>,
    hour: Option<i8>,
    afternoon: Option<bool>,
    minute: Option<i8>,
    second: Option<i8>,
    nanosecond: i32,
    zone: Option<TimeZone>,
    epoch: Option<f64>,
}

/// Reads a text in a format: seconds since 1970. Without a zone it is UTC, without a year it is that of `today`, and with
/// neither year, month nor day, but a time, it is today. What stands behind the end of the format is left aside.
pub(crate) fn parse_time(text: &str, format: &str, today: Option<Date>) -> Option<f64> {
    let mut parts = Parts::default();
    read_all(text, format, &mut parts)?;
    if let Some(epoch) = parts.epoch {
        return Some(epoch + f64::from(parts.nanosecond) / 1e9);
    }
    let written_year = parts.year.or(parts.short_year);
    let year = written_year.or(today.map(Date::year))?;
    let date = match (parts.month, parts.day, parts.day_of_year) {
        (None, None, None) if written_year.is_none() && parts.hour.is_some() => today?,
        (Some(month), Some(day), _) => Date::new(year, month, day).ok()?,
        (_, _, Some(day)) => Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(day - 1).ok()?).ok()?,
        _ => return None,
    };
    let hour = parts.hour.unwrap_or(0);
    let hour = parts.afternoon.map_or(hour, |afternoon| hour % 12 + if afternoon { 12 } else { 0 });
    // A leap second is the second before it.
    let time = Time::new(hour, parts.minute.unwrap_or(0), parts.second.unwrap_or(0).min(59), 0).ok()?;
    let zone = parts.zone.unwrap_or(TimeZone::UTC);
    let at = DateTime::from_parts(date, time).to_zoned(zone).ok()?.timestamp().as_second();
    Some(at as f64 + f64::from(parts.nanosecond) / 1e9)
}

/// Reads what a format stands for: what is left behind it.
fn read_all<'t>(text: &'t str, format: &str, parts: &mut Parts) -> Option<&'t str> {
    pieces(format).into_iter().try_fold(text, |rest, piece| match piece {
        // Space in a format stands for any amount of it.
        Piece::Literal(c) if c.is_whitespace() => Some(rest.trim_start()),
        Piece::Literal(c) => rest.strip_prefix(c),
        Piece::Unknown(unknown) => rest.strip_prefix(unknown),
        Piece::Variable { width, letter, .. } => read_variable(rest, width, letter, parts),
    })
}

fn read_variable<'t>(text: &'t str, width: Option<usize>, letter: char, parts: &mut Parts) -> Option<&'t str> {
    let named = |names: &[&str]| {
        names.iter().enumerate().find_map(|(index, name)| {
            let length = [*name, name.get(..3)?]
                .into_iter()
                .find(|form| text.get(..form.len()).is_some_and(|start| start.eq_ignore_ascii_case(form)))?
                .len();
            Some((i8::try_from(index).ok()? + 1, text.get(length..)?))
        })
    };
    let number = |most: usize| {
        let text = text.trim_start();
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value: i64 = text.get(..digits)?.parse().ok()?;
        Some((value, text.get(digits..)?))
    };
    let small = |most: usize| number(most).and_then(|(value, rest)| Some((i8::try_from(value).ok()?, rest)));
    Some(match letter {
        'a' | 'A' => named(&DAYS)?.1,
        'b' | 'B' | 'h' => put(&mut parts.month, named(&MONTHS)?),
        'd' | 'e' => put(&mut parts.day, small(2)?),
        'H' | 'k' | 'I' | 'l' => put(&mut parts.hour, small(2)?),
        'j' => put(&mut parts.day_of_year, number(3)?),
        'm' => put(&mut parts.month, small(2)?),
        'M' => put(&mut parts.minute, small(2)?),
        'S' => put(&mut parts.second, small(2)?),
        'f' | 'N' | 'Q' => {
            let most = width.unwrap_or(9);
            let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let written = text.get(..digits).filter(|digits| !digits.is_empty())?;
            parts.nanosecond = format!("{written:0<9}").get(..9)?.parse().ok()?;
            text.get(digits..)?
        }
        'n' | 't' => text.trim_start(),
        'p' | 'P' => {
            let marker = text.get(..2)?.to_ascii_lowercase();
            let known = [("am", false), ("pm", true)].into_iter().find(|(known, _)| *known == marker)?;
            parts.afternoon = Some(known.1);
            text.get(2..)?
        }
        's' => {
            let digits = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
            parts.epoch = Some(text.get(..digits)?.parse::<i64>().ok()? as f64);
            text.get(digits..)?
        }
        'x' => return read_all(text, "%m/%d/%Y", parts),
        'X' => return read_all(text, "%H:%M:%S", parts),
        'y' => {
            let (year, rest) = number(2)?;
            // POSIX: 69 to 99 are the last century's.
            parts.short_year = i16::try_from(if year < 69 { 2000 + year } else { 1900 + year }).ok();
            rest
        }
        'Y' => {
            let (year, rest) = number(4)?;
            parts.year = i16::try_from(year).ok();
            rest
        }
        'u' | 'w' => number(1)?.1,
        'U' | 'V' | 'W' => number(2)?.1,
        'z' | 'Z' => return read_zone(text, parts),
        '%' => text.strip_prefix('%')?,
        _ => return None,
    })
}

/// Keeps a value that has been read; what stands behind it.
fn put<'t, T>(part: &mut Option<T>, (value, rest): (T, &'t str)) -> &'t str {
    *part = Some(value);
    rest
}

fn read_zone<'t>(text: &'t str, parts: &mut Parts) -> Option<&'t str> {
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => {
            let length = text.bytes().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'_')).count();
            let (name, rest) = text.split_at_checked(length)?;
            parts.zone = Some(match name {
                "Z" | "UTC" | "GMT" => TimeZone::UTC,
                "EST" => TimeZone::fixed(Offset::constant(-5)),
                "EDT" | "AST" => TimeZone::fixed(Offset::constant(-4)),
                "CST" | "MDT" => TimeZone::fixed(Offset::constant(-6)),
                "CDT" => TimeZone::fixed(Offset::constant(-5)),
                "MST" | "PDT" => TimeZone::fixed(Offset::constant(-7)),
                "PST" => TimeZone::fixed(Offset::constant(-8)),
                "CET" | "BST" => TimeZone::fixed(Offset::constant(1)),
                "CEST" | "EET" => TimeZone::fixed(Offset::constant(2)),
                name => TimeZone::get(name).ok()?,
            });
            return Some(rest);
        }
    };
    let digits = text.get(1..)?;
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let after = digits.get(2..)?;
    let after_colon = after.strip_prefix(':').unwrap_or(after);
    let (minutes, rest) = match after_colon.get(..2).and_then(|minutes| minutes.parse::<i32>().ok()) {
        Some(minutes) => (minutes, after_colon.get(2..)?),
        None => (0, after),
    };
    parts.zone = Some(TimeZone::fixed(Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?));
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_writes_its_part() {
        // 2019-07-18T09:30:00.123456Z, a Thursday.
        let at = 1_563_442_200.123_456;
        for (format, written) in [
            ("%Y-%m-%dT%H:%M:%S.%Q", "2019-07-18T09:30:00.123"),
            ("%Y-%m-%dT%H:%M:%S.%6N%z", "2019-07-18T09:30:00.123456+0000"),
            ("%c", "Thu Jul 18 09:30:00 2019"),
            ("%+", "Thu Jul 18 09:30:00 UTC 2019"),
            ("%a %A %b %B %e %k %I %p", "Thu Thursday Jul July 18  9 09 AM"),
            ("%j %U %V %w %G", "199 28 29 4 2019"),
            ("%s %% %T %F %:z %Z", "1563442200 % 09:30:00 2019-07-18 +00:00 UTC"),
            ("%x %X %y", "7/18/2019 9:30:00 19"),
        ] {
            assert_eq!(format_time(at, format).as_deref(), Some(written), "{format}");
        }
    }

    #[test]
    fn reads_times() {
        for (text, format, seconds) in [
            ("2019-07-18 09:30:00", "%Y-%m-%d %H:%M:%S", Some(1_563_442_200.0)),
            ("2019-07-18T09:30:00.250Z", "%Y-%m-%dT%H:%M:%S.%3N%Z", Some(1_563_442_200.25)),
            ("2019-07-18T04:30:00-0500", "%Y-%m-%dT%H:%M:%S%z", Some(1_563_442_200.0)),
            ("18/Jul/2019:09:30:00 +0000", "%d/%b/%Y:%H:%M:%S %z", Some(1_563_442_200.0)),
            ("7/18/2019 9:30:00 PM", "%m/%d/%Y %I:%M:%S %p", Some(1_563_485_400.0)),
            ("7/18/2019 9:30:00", "%x %X", Some(1_563_442_200.0)),
            ("1563442200", "%s", Some(1_563_442_200.0)),
            ("2019-07-18 and more", "%Y-%m-%d", Some(1_563_408_000.0)),
            ("July 2019", "%B %Y", None),
            ("yesterday", "%Y-%m-%d", None),
        ] {
            assert_eq!(parse_time(text, format, None), seconds, "{text}");
        }
        let today = Some(jiff::civil::date(2019, 7, 18));
        assert_eq!(parse_time("09:30", "%H:%M", today), Some(1_563_442_200.0));
        assert_eq!(parse_time("2019", "%Y", today), None);
    }
}
