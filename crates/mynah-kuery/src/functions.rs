//! The functions that a plan is made of where DataFusion has none.
use crate::ast::RangeOperator;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use mynah_event::Timestamp;
use mynah_kernels::{Cell, Code, Function, Resources};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use unicode_segmentation::UnicodeSegmentation;

/// Whether words are in analysed text, or follow one another in it. The standard analyser cuts by Unicode's rules of
/// word boundaries and leaves case aside.
///
/// <https://www.elastic.co/docs/reference/text-analysis/analysis-standard-analyzer>
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Words {
    /// The words, in lower case; between wildcards, where a word has any.
    pub words: Vec<mynah_kernels::Pattern>,
    /// Whether all must follow one another, or one is enough.
    pub phrase: bool,
}

/// The words of a text, as the standard analyser cuts it.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(str::to_lowercase)
}

impl Function for Words {
    const NAME: &'static str = "kuery.words";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let (wanted, phrase) = (self.words.clone(), self.phrase);
        let found = move |text: &str| {
            let words: Vec<String> = words(text).collect();
            match phrase {
                true if wanted.is_empty() => false,
                true => words.windows(wanted.len()).any(|run| run.iter().zip(&wanted).all(|(word, w)| w.fits(word))),
                false => wanted.iter().any(|wanted| words.iter().any(|word| wanted.fits(word))),
            }
        };
        Ok(Code::row(move |row| any(row, |cell| Some(found(cell.as_text()?)))))
    }
}

/// Whether a value, or one of several, stands on a side of another, or is it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Compare {
    /// Which side; equal, where there is none.
    pub operator: Option<RangeOperator>,
    /// Whether texts are compared as addresses.
    pub addresses: bool,
}

impl Function for Compare {
    const NAME: &'static str = "kuery.compare";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let (operator, addresses) = (self.operator, self.addresses);
        let holds = move |left: &Cell<'_>, right: &Cell<'_>| {
            let order = match (left, right) {
                (Cell::Text(left), Cell::Text(right)) if addresses => {
                    left.parse::<IpAddr>().ok()?.cmp(&right.parse::<IpAddr>().ok()?)
                }
                (Cell::Text(left), Cell::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
                (Cell::Boolean(left), Cell::Boolean(right)) => left.cmp(right),
                (Cell::Integer(left), Cell::Integer(right)) => left.cmp(right),
                (left, right) => left.as_float()?.partial_cmp(&right.as_float()?)?,
            };
            Some(match operator {
                None => order.is_eq(),
                Some(RangeOperator::Less) => order.is_lt(),
                Some(RangeOperator::LessOrEqual) => order.is_le(),
                Some(RangeOperator::Greater) => order.is_gt(),
                Some(RangeOperator::GreaterOrEqual) => order.is_ge(),
            })
        };
        Ok(Code::row(move |row| match row {
            [Cell::List(cells), bound] => Cell::Boolean(cells.iter().any(|cell| holds(cell, bound).unwrap_or(false))),
            [Cell::Null, _] => Cell::Null,
            [cell, bound] => Cell::Boolean(holds(cell, bound).unwrap_or(false)),
            _ => Cell::Null,
        }))
    }
}

/// Whether there is a value at all.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Exists;

impl Function for Exists {
    const NAME: &'static str = "kuery.exists";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(Code::row(|row| {
            Cell::Boolean(match row {
                [Cell::List(cells)] => !cells.is_empty(),
                [cell] => !cell.is_null(),
                _ => false,
            })
        }))
    }
}

/// True for the value, or one of several, that passes; null where there is none.
fn any<'a>(row: &[Cell<'a>], test: impl Fn(&Cell<'a>) -> Option<bool>) -> Cell<'a> {
    match row {
        [Cell::List(cells)] => Cell::Boolean(cells.iter().any(|cell| test(cell).unwrap_or(false))),
        [Cell::Null] | [] => Cell::Null,
        [cell, ..] => Cell::Boolean(test(cell).unwrap_or(false)),
    }
}

/// The first or the last millisecond that a date of Elasticsearch means; its argument is the query's clock.
///
/// <https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math>
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DateMath {
    /// `now-1d/d`, `2026-03-14||+1M`, `2026-03`.
    pub text: String,
    /// Whether what is left open is rounded up.
    pub up: bool,
}

impl Function for DateMath {
    const NAME: &'static str = "kuery.date";

    fn returns(&self) -> DataType {
        DataType::Int64
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let (text, up) = (self.text.clone(), self.up);
        if date(&text, up, 0).is_none() {
            return exec_err!("`{text}` is no date");
        }
        Ok(Code::row(move |row| match row {
            [Cell::Integer(now)] => date(&text, up, *now).map(Cell::Integer).into(),
            _ => Cell::Null,
        }))
    }
}

/// A date in milliseconds since 1970; none where the text is no date.
pub(crate) fn date(text: &str, up: bool, now: i64) -> Option<i64> {
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
    let (day, mut open) = match day.len() {
        4 => (format!("{day}-01-01"), "y"),
        7 => (format!("{day}-01"), "M"),
        _ => (day.to_owned(), "d"),
    };
    let zone = time.and_then(|time| time.find(['Z', 'z', '+', '-']));
    let (clock, zone) = match (time, zone) {
        (Some(time), Some(at)) => (time.get(..at)?, time.get(at..)?),
        (time, _) => (time.unwrap_or("00:00:00"), "Z"),
    };
    let clock = match (time, clock.matches(':').count()) {
        (None, _) => clock.to_owned(),
        (_, 0) => {
            open = "h";
            format!("{clock}:00:00")
        }
        (_, 1) => {
            open = "m";
            format!("{clock}:00")
        }
        _ => {
            open = if clock.contains(['.', ',']) { "" } else { "s" };
            clock.to_owned()
        }
    };
    let start = Timestamp::parse(&format!("{day}T{clock}{zone}")).ok()?.milliseconds();
    if up && !open.is_empty() { calculate(start, &format!("/{open}"), true) } else { Some(start) }
}

/// `+1d-2h/d` after a moment.
fn calculate(moment: i64, math: &str, up: bool) -> Option<i64> {
    use jiff::{Unit, Zoned, tz::TimeZone};
    let mut at: Zoned = jiff::Timestamp::from_millisecond(moment).ok()?.to_zoned(TimeZone::UTC);
    let mut rest = math;
    while let Some(sign) = rest.chars().next() {
        rest = rest.get(sign.len_utf8()..)?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: i64 = if digits == 0 { 1 } else { rest.get(..digits)?.parse().ok()? };
        rest = rest.get(digits..)?;
        let unit = match rest.chars().next()? {
            'y' => Unit::Year,
            'M' => Unit::Month,
            'w' => Unit::Week,
            'd' => Unit::Day,
            'h' | 'H' => Unit::Hour,
            'm' => Unit::Minute,
            's' => Unit::Second,
            _ => return None,
        };
        rest = rest.get(1..)?;
        let span = |count| jiff::Span::new().try_years(0).ok().and_then(|span| add(span, unit, count));
        at = match sign {
            '+' => at.checked_add(span(count)?).ok()?,
            '-' => at.checked_sub(span(count)?).ok()?,
            '/' if digits == 0 => {
                let start = floor(&at, unit)?;
                match up {
                    true => start.checked_add(span(1)?).ok()?.checked_sub(jiff::Span::new().milliseconds(1)).ok()?,
                    false => start,
                }
            }
            _ => return None,
        };
    }
    Some(at.timestamp().as_millisecond())
}

fn add(span: jiff::Span, unit: jiff::Unit, count: i64) -> Option<jiff::Span> {
    use jiff::Unit;
    match unit {
        Unit::Year => span.try_years(count),
        Unit::Month => span.try_months(count),
        Unit::Week => span.try_weeks(count),
        Unit::Day => span.try_days(count),
        Unit::Hour => span.try_hours(count),
        Unit::Minute => span.try_minutes(count),
        _ => span.try_seconds(count),
    }
    .ok()
}

/// The beginning of the unit in which a moment lies; weeks begin on Monday.
fn floor(at: &jiff::Zoned, unit: jiff::Unit) -> Option<jiff::Zoned> {
    use jiff::Unit;
    let day = at.start_of_day().ok()?;
    match unit {
        Unit::Year => at.first_of_year().ok()?.start_of_day().ok(),
        Unit::Month => at.first_of_month().ok()?.start_of_day().ok(),
        Unit::Week => day.checked_sub(jiff::Span::new().days(i64::from(at.weekday().to_monday_zero_offset()))).ok(),
        Unit::Day => Some(day),
        unit => at.round(jiff::ZonedRound::new().smallest(unit).mode(jiff::RoundMode::Floor)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_mean_what_they_leave_open() {
        let at = |text: &str| Timestamp::parse(text).unwrap().milliseconds();
        let now = at("2026-03-14T12:34:56Z");
        for (text, down, up) in [
            ("2026-03-14", "2026-03-14T00:00:00Z", "2026-03-14T23:59:59.999Z"),
            ("2026-02", "2026-02-01T00:00:00Z", "2026-02-28T23:59:59.999Z"),
            ("2026-03-14T12", "2026-03-14T12:00:00Z", "2026-03-14T12:59:59.999Z"),
            ("2026-03-14T14:00:00.000+02:00", "2026-03-14T12:00:00Z", "2026-03-14T12:00:00Z"),
            ("now-1d/d", "2026-03-13T00:00:00Z", "2026-03-13T23:59:59.999Z"),
            ("now-1M", "2026-02-14T12:34:56Z", "2026-02-14T12:34:56Z"),
            ("2024-01-01||-1d", "2023-12-31T00:00:00Z", "2023-12-31T00:00:00Z"),
            ("now/w", "2026-03-09T00:00:00Z", "2026-03-15T23:59:59.999Z"),
            ("now/h", "2026-03-14T12:00:00Z", "2026-03-14T12:59:59.999Z"),
        ] {
            assert_eq!(date(text, false, now), Some(at(down)), "{text}");
            assert_eq!(date(text, true, now), Some(at(up)), "{text} rounded up");
        }
        for wrong in ["", "yesterday", "now-", "now-1x", "now1d", "now/2d", "2026-13-01", "T", "é", "now-é"] {
            assert_eq!(date(wrong, false, now), None, "{wrong}");
        }
    }
}
