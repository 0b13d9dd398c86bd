//! Dates as Elasticsearch reads them, which EQL and Kibana's language share.
use jiff::tz::TimeZone;
use jiff::{RoundMode, Unit, Zoned, ZonedRound};
use mynah_event::Timestamp;

/// A date in milliseconds since 1970: `2026-03-14T12:00Z`, a part of it, milliseconds, or date math over the clock `now`
/// or a date (`now-1d/d`, `2026-03-14||+1M`). What it leaves open is rounded `up` to the last millisecond, or down to the
/// first. None where the text is no date.
///
/// What a date without date math leaves open is filled in from the hour on: a year or a month alone means its first day.
/// See [date math] and [missing date components].
///
/// ```
/// use mynah_dialect::elastic_date;
/// assert_eq!(elastic_date("2026-03-14", true, 0), Some(1_773_532_799_999));
/// assert_eq!(elastic_date("2026-03", true, 0), elastic_date("2026-03-01", true, 0));
/// assert_eq!(elastic_date("1970-01-01||+1M/d", false, 0), elastic_date("1970-02-01", false, 0));
/// assert_eq!(elastic_date("now/d", true, 5), Some(86_399_999));
/// assert_eq!(elastic_date("yesterday", false, 0), None);
/// ```
///
/// [date math]: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math
/// [missing date components]: https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-range-query#missing-date-components
pub fn elastic_date(text: &str, up: bool, now: i64) -> Option<i64> {
    let (anchor, math) = match text.strip_prefix("now") {
        Some(math) => (now, math),
        None => {
            let (anchor, math) = text.split_once("||").unwrap_or((text, ""));
            (written(anchor, up && math.is_empty())?, math)
        }
    };
    calculate(anchor, math, up)
}

/// A date without arithmetic: `2026`, `2026-03`, `2026-03-14T12:00Z`, or milliseconds.
fn written(text: &str, up: bool) -> Option<i64> {
    if text.len() != 4 && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (day, time) = text.split_once(['T', ' ']).map_or((text, None), |(day, time)| (day, Some(time)));
    let day = match day.len() {
        4 => format!("{day}-01-01"),
        7 => format!("{day}-01"),
        _ => day.to_owned(),
    };
    let mut open = "d";
    let mut moment = format!("{day}T00:00:00Z");
    if let Some(time) = time {
        let (clock, zone) = time.split_at(time.find(['Z', 'z', '+', '-']).unwrap_or(time.len()));
        let (rest, unit) = match clock.matches(':').count() {
            0 => (":00:00", "h"),
            1 => (":00", "m"),
            _ if clock.contains(['.', ',']) => ("", ""),
            _ => ("", "s"),
        };
        open = unit;
        moment = format!("{day}T{clock}{rest}{}", if zone.is_empty() { "Z" } else { zone });
    }
    let start = Timestamp::parse(&moment).ok()?.milliseconds();
    if up && !open.is_empty() { calculate(start, &format!("/{open}"), true) } else { Some(start) }
}

/// `+1d-2h/d` after a moment.
fn calculate(moment: i64, math: &str, up: bool) -> Option<i64> {
    let mut at = jiff::Timestamp::from_millisecond(moment).ok()?.to_zoned(TimeZone::UTC);
    let mut rest = math;
    while let Some(sign) = rest.chars().next() {
        let behind = rest.get(sign.len_utf8()..)?;
        let letter = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = behind.get(..behind.len() - letter.len())?;
        let (unit, jiffs) = match letter.chars().next()? {
            'y' => (Unit::Year, "y"),
            'M' => (Unit::Month, "mo"),
            'w' => (Unit::Week, "w"),
            'd' => (Unit::Day, "d"),
            'h' | 'H' => (Unit::Hour, "h"),
            'm' => (Unit::Minute, "m"),
            's' => (Unit::Second, "s"),
            _ => return None,
        };
        rest = letter.get(1..)?;
        let count: i64 = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        let span: jiff::Span = format!("{count}{jiffs}").parse().ok()?;
        at = match sign {
            '+' => at.checked_add(span).ok()?,
            '-' => at.checked_sub(span).ok()?,
            '/' if digits.is_empty() && up => {
                floor(&at, unit)?.checked_add(span).ok()?.checked_sub(jiff::Span::new().milliseconds(1)).ok()?
            }
            '/' if digits.is_empty() => floor(&at, unit)?,
            _ => return None,
        };
    }
    Some(at.timestamp().as_millisecond())
}

/// The beginning of the unit in which a moment lies; weeks begin on Monday.
fn floor(at: &Zoned, unit: Unit) -> Option<Zoned> {
    let day = match unit {
        Unit::Year => at.first_of_year(),
        Unit::Month => at.first_of_month(),
        Unit::Week => at.checked_sub(jiff::Span::new().days(at.weekday().to_monday_zero_offset())),
        unit => return at.round(ZonedRound::new().smallest(unit).mode(RoundMode::Floor)).ok(),
    };
    day.ok()?.start_of_day().ok()
}
