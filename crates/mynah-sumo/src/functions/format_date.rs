//! `formatDate`.
use super::{Function, Make, constant_text};
use crate::ast::Expression;
use crate::plan::{Kind, Stage, Typed, lower};
use jiff::tz::TimeZone;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span};

const DOC: FunctionDoc = FunctionDoc {
    name: "formatDate",
    usage: "formatDate(milliseconds [, pattern [, time zone]])",
    summary: "A time as text, after a pattern of Java's SimpleDateFormat; month/day/year if there is none. The time zone of the user's settings is UTC here.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/formatdate/",
    examples: &[
        Example { query: "formatDate(1773489600000, \"yyyy-MM-dd HH:mm\")", result: "2026-03-14 12:00" },
        Example { query: "formatDate(1773489600000, \"EEE\")", result: "Sat" },
        Example { query: "formatDate(1773489600000, \"HH:mm\", \"Europe/London\")", result: "12:00" },
        Example { query: "formatDate(1773489600000)", result: "03/14/2026" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["formatdate"], arguments: (1, 3), make: Make::Plan(make) }];

/// The pattern and the time zone of the optional arguments, checked.
pub(super) fn pattern_and_zone(
    pattern: Option<&Expression>,
    zone: Option<&Expression>,
    default: &str,
) -> Result<(DatePattern, TimeZone, String), Diagnostic> {
    let text = match pattern {
        Some(argument) => constant_text(argument, "a date pattern")?,
        None => default.to_owned(),
    };
    let span = pattern.map(Expression::span).unwrap_or_default();
    let parsed =
        DatePattern::parse(&text).map_err(|error| Diagnostic::error("sumo/date-pattern", error.to_string(), span))?;
    let (zone, zone_name) = match zone {
        Some(argument) => {
            let name = constant_text(argument, "a time zone")?;
            let zone = if ["utc", "gmt", "z"].iter().any(|utc| name.eq_ignore_ascii_case(utc)) {
                Ok(TimeZone::UTC)
            } else {
                TimeZone::get(&name)
            };
            let unknown =
                |_| Diagnostic::error("sumo/time-zone", format!("there is no time zone `{name}`"), argument.span());
            (zone.map_err(unknown)?, name.clone())
        }
        None => (TimeZone::UTC, "UTC".to_owned()),
    };
    Ok((parsed, zone, format!("{text:?} {zone_name}")))
}

fn make(stage: &mut Stage<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let [date, rest @ ..] = arguments else { return Err(Diagnostic::error("sumo/arguments", DOC.usage, span)) };
    let (pattern, zone, key) = pattern_and_zone(rest.first(), rest.get(1), "MM/dd/yyyy")?;
    let date = lower(stage, date)?.to(Kind::Integer).expr;
    let function = row_function(format!("formatDate {key}"), Kind::Text.data_type(), move |row| match row {
        [Cell::Integer(milliseconds)] => pattern.format(*milliseconds, &zone).map(Cell::text).into(),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![date]), Kind::Text))
}
