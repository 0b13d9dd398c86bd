//! The clauses that bound the time, and the times they take.
use super::{Type, Typed, to_integer};
use crate::ast::Unit;
use crate::functions::RowFunction;
use datafusion::prelude::{Expr, lit};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use mynah_dialect::clock;
use mynah_event::Timestamp;
use mynah_kernels::{Cell, call};

/// More milliseconds than any clock shows, and few enough to be subtracted from it.
const LONGEST: i64 = i64::MAX / 4;

/// Whether an event is of the last `count` units before now.
pub(super) fn last(starttime: &Typed, count: u64, unit: Unit) -> Expr {
    let length = i64::try_from(count).unwrap_or(LONGEST).saturating_mul(unit.milliseconds).min(LONGEST);
    let at = to_integer(starttime);
    at.clone().gt_eq(clock::now() - lit(length)).and(at.lt_eq(clock::now()))
}

/// Whether an event is of the minutes from `start` to `stop`: searches by START and STOP go by whole minutes, so
/// that a second in `start` counts from the beginning of its minute and one in `stop` up to the end of its.
pub(super) fn between(starttime: &Typed, start: Option<Typed>, stop: Option<Typed>) -> Expr {
    let at = to_integer(starttime);
    let minute = |moment: &Typed, up| RowFunction::WholeMinute { up }.of(&[(moment, Type::Integer)]).expr;
    let stop = match stop {
        Some(stop) => at.clone().lt(minute(&stop, true)),
        None => at.clone().lt_eq(clock::now()),
    };
    match start {
        Some(start) => at.gt_eq(minute(&start, false)).and(stop),
        None => stop,
    }
}

/// The milliseconds that a value of START or STOP names: the same for all events, though the clock may be part of them.
pub(super) fn moment(value: Typed) -> Option<Typed> {
    match &value.constant {
        Some(Cell::Text(text)) => named_moment(text),
        _ => (value.ty == Type::Integer && value.expr.column_refs().is_empty()).then_some(value),
    }
}

/// The milliseconds that a text names, which may depend on the clock.
pub(crate) fn named_moment(text: &str) -> Option<Typed> {
    Some(match Moment::parse(text)? {
        Moment::At(milliseconds) => Typed::constant(Cell::Integer(milliseconds)),
        _ => Typed::new(call(RowFunction::ParseDateTime, vec![lit(text), clock::now()]), Type::Integer),
    })
}

/// A time as QRadar takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A date with time in one of its forms.
    At(i64),
    /// `now`, or `2 hours ago`, in milliseconds.
    Ago(i64),
    /// The beginning of today or yesterday.
    Midnight { days_ago: i64 },
}

impl Moment {
    /// The milliseconds since 1970 that it means at a time of the clock.
    pub fn at(self, now: i64) -> i64 {
        let day = Unit::DAYS.milliseconds;
        match self {
            Moment::At(milliseconds) => milliseconds,
            Moment::Ago(length) => now.saturating_sub(length),
            Moment::Midnight { days_ago } => now.div_euclid(day).saturating_sub(days_ago).saturating_mul(day),
        }
    }

    /// Reads a date with time, `now`, `today`, `yesterday`, or `2 hours ago`.
    pub fn parse(text: &str) -> Option<Moment> {
        let text = text.trim();
        let folded = text.to_lowercase();
        let words: Vec<&str> = folded.split_whitespace().collect();
        match words.as_slice() {
            ["now"] => Some(Moment::Ago(0)),
            ["today"] => Some(Moment::Midnight { days_ago: 0 }),
            ["yesterday"] => Some(Moment::Midnight { days_ago: 1 }),
            [count, unit, "ago"] => {
                let length = match *unit {
                    "week" | "weeks" => Unit::DAYS.milliseconds * 7,
                    unit => Unit::parse(unit)?.milliseconds,
                };
                Some(Moment::Ago(count.parse::<i64>().ok()?.saturating_mul(length)))
            }
            _ => date(text).or_else(|| Timestamp::parse(text).ok().map(Timestamp::milliseconds)).map(Moment::At),
        }
    }
}

/// `yyyy-MM-dd HH:mm[:ss]`, with slashes, colons or blanks in the date and a dash before the time.
fn date(text: &str) -> Option<i64> {
    let bare = text.trim_end_matches(['Z', 'z']).trim_end();
    let (year, rest) = (bare.get(..4)?, bare.get(4..)?);
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | ':' | ' '))?;
    let mut date = rest.get(1..)?.splitn(2, separator);
    let (month, rest) = (date.next()?, date.next()?);
    let day_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = (rest.get(..day_end)?, rest.get(day_end..)?.trim_start_matches([' ', '-', 'T']));
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let mut parts = time.split(':');
    let hour = parts.next().filter(|part| !part.is_empty()).map_or(Some(0), |part| part.parse().ok())?;
    let minute = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    let seconds = parts.next().unwrap_or("0");
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let milliseconds: i32 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let second = second.parse().ok()?;
    let at =
        DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, milliseconds * 1_000_000).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}
