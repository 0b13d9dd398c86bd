//! Times as texts, texts as times, and the query's own time range.
use super::{Make, argument, constant_text, function};
use crate::ast::Expression;
use crate::plan::{Draft, Kind, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result as PlanResult, exec_datafusion_err};
use datafusion::logical_expr::lit;
use datafusion::prelude::Expr;
use jiff::tz::TimeZone;
use mynah_dialect::{Arity, Entry, clock, example};
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    function(
        "formatDate(milliseconds [, pattern [, time zone]])",
        "A time as text, after a pattern of Java's SimpleDateFormat; month/day/year if there is none. The time zone \
         of the user's settings is UTC here.",
        page!("search-operators/formatdate/"),
        &[
            example("formatDate(1773489600000, \"yyyy-MM-dd HH:mm\")", "2026-03-14 12:00"),
            example("formatDate(1773489600000, \"EEE\")", "Sat"),
            example("formatDate(1773489600000, \"HH:mm\", \"Asia/Tokyo\")", "21:00"),
            example("formatDate(1773489600000)", "03/14/2026"),
        ],
        Arity::Between(1, 3),
        Make::Plan(|draft, arguments, span| {
            let (pattern, zone) = pattern_and_zone(arguments, "MM/dd/yyyy")?;
            let time = argument(draft, arguments, 0, span)?.to(Kind::Integer).expr;
            Ok(Typed::new(call(Date { reads: false, pattern, zone }, vec![time]), Kind::Text))
        }),
    ),
    function(
        "parseDate(text, pattern [, time zone])",
        "The time that a text begins with, in milliseconds since 1970, after a pattern of Java's SimpleDateFormat. \
         Null where it does not fit.",
        page!("parse-operators/parsedate/"),
        &[
            example("parseDate(\"20170720000030\", \"yyyyMMddHHmmss\")", "1500508830000"),
            example("parseDate(\"20170720000030\", \"yyyyMMddHHmmss\", \"Asia/Tokyo\")", "1500476430000"),
            example("parseDate(\"2019-11-18T19:00:00.000-08:00\", \"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\")", "1574132400000"),
            example("parseDate(\"other 3/4/2005\", \"MM/dd/yyyy\")", "null"),
        ],
        Arity::Between(2, 3),
        Make::Plan(|draft, arguments, span| {
            let (pattern, zone) = pattern_and_zone(arguments, "")?;
            let text = argument(draft, arguments, 0, span)?.to(Kind::Text).expr;
            Ok(Typed::new(call(Date { reads: true, pattern, zone }, vec![text]), Kind::Integer))
        }),
    ),
    of_the_query(
        "now()",
        "The query's clock in milliseconds since 1970.",
        page!("search-operators/now/"),
        |_, _, _| Ok(Typed::new(clock::now(), Kind::Integer)),
    ),
    of_the_query(
        "queryStartTime()",
        "The start of the query's time range in milliseconds since 1970: over files, the time of the oldest event.",
        page!("search-operators/querystarttime/"),
        |draft, _, _| Ok(Typed::new(start(draft)?, Kind::Integer)),
    ),
    of_the_query(
        "queryEndTime()",
        "The end of the query's time range in milliseconds since 1970, which is its clock.",
        page!("search-operators/queryendtime/"),
        |_, _, _| Ok(Typed::new(clock::now(), Kind::Integer)),
    ),
    of_the_query(
        "queryTimeRange()",
        "The length of the query's time range in milliseconds.",
        page!("search-operators/querytimerange/"),
        |draft, _, _| Ok(Typed::new(clock::now() - start(draft)?, Kind::Integer)),
    ),
];

/// A function without arguments.
const fn of_the_query(
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    make: fn(&mut Draft<'_>, &[Expression], Span) -> Result<Typed, Diagnostic>,
) -> Entry<Make> {
    function(usage, summary, page, &[], Arity::Exactly(0), Make::Plan(make))
}

/// The time of the oldest event; without one, the range is empty.
fn start(draft: &mut Draft<'_>) -> Result<Expr, Diagnostic> {
    Ok(draft.oldest_event()?.map_or_else(clock::now, lit))
}

/// The pattern and the time zone behind the first argument, checked.
fn pattern_and_zone(arguments: &[Expression], default: &str) -> Result<(String, String), Diagnostic> {
    let pattern = match arguments.get(1) {
        Some(argument) => constant_text(argument, "a date pattern")?,
        None => default.to_owned(),
    };
    let span = arguments.get(1).map(Expression::span).unwrap_or_default();
    DatePattern::parse(&pattern).map_err(|error| Diagnostic::error("sumo/date-pattern", error.to_string(), span))?;
    let Some(argument) = arguments.get(2) else { return Ok((pattern, "UTC".to_owned())) };
    let name = constant_text(argument, "a time zone")?;
    let unknown = || Diagnostic::error("sumo/time-zone", format!("there is no time zone `{name}`"), argument.span());
    zone(&name).ok_or_else(unknown)?;
    Ok((pattern, name))
}

fn zone(name: &str) -> Option<TimeZone> {
    if ["utc", "gmt", "z"].iter().any(|utc| name.eq_ignore_ascii_case(utc)) {
        return Some(TimeZone::UTC);
    }
    TimeZone::get(name).ok()
}

/// A time to text, or a text to time, after a pattern.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Date {
    /// Whether it reads a text.
    reads: bool,
    pattern: String,
    zone: String,
}

impl Function for Date {
    const NAME: &'static str = "sumo.date";

    fn returns(&self) -> DataType {
        if self.reads { DataType::Int64 } else { DataType::Utf8 }
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let pattern = DatePattern::parse(&self.pattern).map_err(|error| DataFusionError::External(Box::new(error)))?;
        let unknown = || exec_datafusion_err!("there is no time zone `{}`", self.zone);
        let (zone, reads) = (zone(&self.zone).ok_or_else(unknown)?, self.reads);
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] if reads => pattern.read(text, &zone).map(Cell::Integer).into(),
            [Cell::Integer(milliseconds)] if !reads => pattern.format(*milliseconds, &zone).map(Cell::text).into(),
            _ => Cell::Null,
        }))
    }
}
