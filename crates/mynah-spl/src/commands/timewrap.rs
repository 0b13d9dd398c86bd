//! Periods of time beside each other, a series each.
use super::inputlookup::text_rows;
use super::prelude::*;
use super::span::{Width, width};
use crate::expression::number_text;
use crate::functions::time::now;
use crate::functions::time_format::format_time;
use crate::search::cell_texts;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::Float64Type;
use datafusion::prelude::{Expr, lit};
use jiff::{Span as Calendar, Timestamp, tz::TimeZone};
use mynah_syntax::Span;
use std::collections::BTreeMap;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "timewrap SPAN [align=now | end] [series=relative | exact | short] [time_format=FORMAT]",
    "The rows of timechart with a column for each period of time, at the times of the latest one. A span of `m` is a month.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/timewrap",
    timewrap,
)];

/// How long a period is.
#[derive(Debug, Clone, Copy)]
struct Period {
    width: Width,
    /// How many units it has, and their name.
    count: usize,
    unit: &'static str,
}

/// How the periods are called.
#[derive(Debug)]
enum Names {
    /// `latest_week`, `1week_before`.
    Relative,
    /// `s0`, `s1`.
    Short,
    /// The beginning of each in a format.
    Exact(String),
}

#[derive(Debug)]
struct TimeWrap {
    period: Period,
    /// Whether the last period ends now, and not with the search's time range.
    to_now: bool,
    names: Names,
    at: Span,
}

fn timewrap(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut period, mut to_now, mut series, mut format) = (None, false, None, None);
    while !arguments.is_empty() {
        match arguments.option(&["align", "series", "time_format"])? {
            Some(("align", value)) => {
                to_now = match value.node.as_str() {
                    "now" => true,
                    "end" => false,
                    _ => return Err(arguments.wrong(value.span, "now or end")),
                }
            }
            Some(("series", value)) => series = Some(value),
            Some((_, value)) => format = Some(value.node),
            None if period.is_none() => period = Some(Period::read(&arguments.word()?)?),
            None => return Err(arguments.wrong(arguments.rest(), "one span")),
        }
    }
    let at = arguments.name.span;
    let Some(period) = period else { return Err(arguments.wrong(at, "a span such as `1w`")) };
    let names = match (series.as_ref().map(|series| series.node.as_str()), format) {
        (None | Some("relative"), _) if period.count == 1 => Names::Relative,
        (None | Some("relative"), _) => {
            let message = "the reference has no names for periods of several units";
            return Err(Diagnostic::error("spl/unsupported-option", message, at)
                .with_help("`series=short` calls them s0, s1 and so on"));
        }
        (Some("short"), _) => Names::Short,
        (Some("exact"), Some(format)) => Names::Exact(format),
        (Some("exact"), None) => return Err(arguments.wrong(at, "`time_format` beside `series=exact`")),
        (Some(_), _) => return Err(arguments.wrong(at, "`series=relative`, exact or short")),
    };
    let needs = Needs::of([&Spanned::new("_time".to_owned(), at)]).close();
    on_rows(needs, TimeWrap { period, to_now, names, at }, |wrap, rows, _, planner| wrap.wrapped(rows, planner))
}

impl Period {
    /// Reads a span, whose units have other names here than elsewhere: `m` is a month.
    fn read(text: &Spanned<String>) -> Result<Period, Diagnostic> {
        let lower = text.node.to_ascii_lowercase();
        let letters = lower.trim_start_matches(|c: char| c.is_ascii_digit());
        let unit = match letters {
            "s" | "sec" | "secs" | "second" | "seconds" => "second",
            "min" | "mins" | "minute" | "minutes" => "minute",
            "h" | "hr" | "hrs" | "hour" | "hours" => "hour",
            "d" | "day" | "days" => "day",
            "w" | "week" | "weeks" => "week",
            "m" | "mon" | "month" | "months" => "month",
            "q" | "qtr" | "qtrs" | "quarter" | "quarters" => "quarter",
            "y" | "yr" | "yrs" | "year" | "years" => "year",
            _ => {
                let message =
                    format!("`{}` is no span of timewrap: a number and s, min, h, d, w, m, q or y", text.node);
                return Err(Diagnostic::error("spl/span", message, text.span));
            }
        };
        let digits = lower.get(..lower.len() - letters.len()).unwrap_or("");
        let count = if digits.is_empty() { 1 } else { whole(&Spanned::new(digits.to_owned(), text.span))? };
        let width = width(&Spanned::new(format!("{count}{unit}"), text.span))?;
        Ok(Period { width, count, unit })
    }

    /// Where the period begins that lies so many before the one that ends at `end`.
    fn start(self, end: f64, before: usize) -> Option<f64> {
        let periods = before as f64 + 1.0;
        match self.width {
            Width::Units(units) => Some(end - periods * units),
            Width::Months(months) => {
                let back = Calendar::new().try_months(i64::from(months) * (before as i64 + 1)).ok()?;
                let end = Timestamp::from_second(end as i64).ok()?.to_zoned(TimeZone::UTC);
                Some(end.checked_sub(back).ok()?.timestamp().as_second() as f64)
            }
            Width::Log { .. } => None,
        }
    }
}

/// How many periods there may be.
const MOST: usize = 1_000;

/// A row of timechart: its time, and the values of its columns.
type Line = (f64, Vec<Option<String>>);

/// The rows by their time, and what a bound of them says.
type Bounded = (Vec<Line>, Option<f64>);

impl TimeWrap {
    fn wrapped(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let time = "_time".to_owned();
        let values: Vec<(String, Type)> = rows.scope().columns().map(|(name, ty)| (name.to_owned(), ty)).collect();
        let values: Vec<(String, Type)> = values.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
        if rows.scope().get(&time).is_none() {
            return Err(Diagnostic::error("spl/no-time", "timewrap needs the rows of timechart", planner.at));
        }
        let latest = planner.range.clone().begun();
        let bound = latest.latest.or(latest.earliest.is_some().then(|| now().expr));
        let bound = if self.to_now { Some(now().expr) } else { bound };
        let Some((lines, end)) = read(rows, &values, bound, planner)? else {
            return Ok(text_rows(&[time], &[], planner)?.opened());
        };
        let end = end.or_else(|| end_of(&lines, self.period)).unwrap_or(0.0);
        let (starts, series) = self.series(&lines, end)?;
        // By their distance from the beginnings of their periods, and then by their periods.
        let mut cells: BTreeMap<i64, BTreeMap<usize, &[Option<String>]>> = BTreeMap::new();
        for ((at, values), period) in lines.iter().zip(series) {
            let Some(start) = starts.get(period) else { continue };
            let offset = ((at - start) * 1e3).round() as i64;
            cells.entry(offset).or_default().insert(period, values.as_slice());
        }
        let latest = starts.first().copied().unwrap_or(end);
        let mut periods: Vec<usize> = cells.values().flat_map(|row| row.keys().copied()).collect();
        periods.sort_unstable_by(|left, right| right.cmp(left));
        periods.dedup();
        let mut columns = vec![time.clone()];
        let mut types = Vec::new();
        let mut places = Vec::new();
        for (place, (name, ty)) in values.iter().enumerate() {
            for period in &periods {
                let start = starts.get(*period).copied().unwrap_or(latest);
                let series = self.name(*period, start);
                columns.push(if values.len() == 1 { series } else { format!("{name}_{series}") });
                types.push(*ty);
                places.push((place, *period));
            }
        }
        let lines = cells.into_iter().map(|(offset, row)| {
            let at = Some(number_text(latest + offset as f64 / 1e3));
            let value = |(place, period): &(usize, usize)| row.get(period)?.get(*place)?.clone();
            [at].into_iter().chain(places.iter().map(value)).collect()
        });
        let lines: Vec<Vec<Option<String>>> = lines.collect();
        let table = text_rows(&columns, &lines, planner)?;
        let of_type = |(name, ty): (&String, Type)| match ty {
            Type::Number => (name.clone(), Typed::new(table.column(name).into_number(), Type::Number)),
            _ => (name.clone(), table.column(name)),
        };
        let typed = columns.iter().zip([Type::Number].into_iter().chain(types)).map(of_type).collect();
        table.project(typed, planner)
    }

    /// Where the periods begin, the latest first, and which one each row is of.
    fn series(&self, lines: &[Line], end: f64) -> Result<(Vec<f64>, Vec<usize>), Diagnostic> {
        let mut starts: Vec<f64> = Vec::new();
        let mut series = Vec::with_capacity(lines.len());
        for (at, _) in lines {
            while starts.last().is_none_or(|start| start > at) {
                match self.period.start(end, starts.len()) {
                    Some(start) if starts.len() < MOST => starts.push(start),
                    _ => {
                        let message = format!("there are more than {MOST} periods of time");
                        return Err(Diagnostic::error("spl/too-many-columns", message, self.at));
                    }
                }
            }
            series.push(starts.partition_point(|start| start > at));
        }
        Ok((starts, series))
    }

    fn name(&self, before: usize, start: f64) -> String {
        let unit = self.period.unit;
        match &self.names {
            Names::Short => format!("s{before}"),
            Names::Exact(format) => format_time(start, format).unwrap_or_default(),
            Names::Relative if before == 0 => format!("latest_{unit}"),
            Names::Relative if before == 1 => format!("1{unit}_before"),
            Names::Relative => format!("{before}{unit}s_before"),
        }
    }
}

/// The rows by their time, and what a bound says; nothing without data.
fn read(
    rows: Rows,
    values: &[(String, Type)],
    bound: Option<Expr>,
    planner: &mut Planner<'_>,
) -> Result<Option<Bounded>, Diagnostic> {
    let at = planner.at;
    let end = planner.fresh("end");
    let mut columns = vec![
        ("_time".to_owned(), Typed::new(rows.column("_time").into_number(), Type::Number)),
        (end, Typed::new(bound.unwrap_or(lit(f64::NAN)), Type::Number)),
    ];
    columns.extend(values.iter().map(|(name, ty)| (name.clone(), Typed::new(rows.column(name).expr, *ty))));
    let rows = rows.project(columns, planner)?;
    let found = planner.context.rows(rows.plan()).map_err(|needed| needed.at(at))?;
    let Some(batches) = found else { return Ok(None) };
    let (mut lines, mut end) = (Vec::new(), None);
    for batch in &batches {
        let number = |place: usize, row: usize| number_at(batch, place, row);
        for row in 0..batch.num_rows() {
            let Some(time) = number(0, row) else { continue };
            end = number(1, row).filter(|end| end.is_finite());
            let texts = (2..2 + values.len()).map(|place| {
                let texts = cell_texts(batch.columns().get(place)?.as_ref(), row);
                (!texts.is_empty()).then(|| texts.join("\n"))
            });
            lines.push((time, texts.collect()));
        }
    }
    lines.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    Ok(Some((lines, end)))
}

fn number_at(batch: &RecordBatch, place: usize, row: usize) -> Option<f64> {
    let numbers = batch.columns().get(place)?.as_primitive_opt::<Float64Type>()?;
    (!numbers.is_null(row)).then(|| numbers.value(row))
}

/// The end of the last row's bucket, which is as wide as the least distance between rows.
fn end_of(lines: &[Line], period: Period) -> Option<f64> {
    let (last, _) = lines.last()?;
    let distances = lines.windows(2).filter_map(|pair| match pair {
        [(left, _), (right, _)] if right > left => Some(right - left),
        _ => None,
    });
    let bucket = distances.reduce(f64::min).or(match period.width {
        Width::Units(units) => Some(units),
        _ => None,
    });
    Some(last + bucket.unwrap_or(86_400.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::read(&Spanned::new(text.to_owned(), Span::at(0))).unwrap()
    }

    #[test]
    fn periods_lie_before_an_end() {
        assert_eq!(period("1w").start(1_773_489_600.0, 1), Some(1_773_489_600.0 - 14.0 * 86_400.0));
        // From the 31st of March, a month before is the end of February.
        assert_eq!(period("m").start(1_774_915_200.0, 0), Some(1_772_236_800.0));
        assert!(Period::read(&Spanned::new("1x".to_owned(), Span::at(0))).is_err());
    }
}
