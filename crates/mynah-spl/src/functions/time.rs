//! The clock, and times as texts.
use super::prelude::*;
use super::relative_modifier::{RelativeTime, civil};
use super::time_format::{format_time, parse_time};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::clock;

family!(function, "DateandTimeFunctions");

pub(super) static TIME: [Entry; 5] = [
    function(
        "now()",
        "The moment the search runs, in seconds since 1970: the clock of the run.",
        &[example("now()", "1773489600"), example(r#"strftime(now(), "%F %T")"#, "2026-03-14 12:00:00")],
        Exactly(0),
        PlanRow(|_| Ok(now()), |row| number(row.number(0).map(|now| (now / 1e3).floor()))),
    ),
    function(
        "relative_time(time, modifier)",
        "The time that lies so far from another: `-1d@d` is the start of the day before, in UTC.",
        &[
            example(r#"strftime(relative_time(1773491696, "-1d@d"), "%F %T")"#, "2026-03-13 00:00:00"),
            example(r#"relative_time(1773491696, "+90s")"#, "1773491786"),
        ],
        Exactly(2),
        PlanRow(
            |call| match call.literal_text(1)? {
                Some(modifier) if RelativeTime::parse(&modifier).is_none() => {
                    Err(call.error(1, format!("`{modifier}` is no relative time, such as `-1d@d`")))
                }
                _ => call.row(RowCall::new(Type::Number)),
            },
            |row| number(row.number(0).zip(row.text(1)).and_then(|(time, by)| RelativeTime::parse(&by)?.from(time))),
        ),
    ),
    function(
        "strftime(time, format)",
        "A time, in seconds since 1970, as text in the format; in UTC.",
        &[
            example(r#"strftime(1773491696.25, "%Y-%m-%dT%H:%M:%S.%Q")"#, "2026-03-14T12:34:56.250"),
            example(r#"strftime("x", "%F")"#, "null"),
        ],
        Exactly(2),
        Row(Type::Text, |row| match (row.number(0), row.text(1)) {
            (Some(time), Some(format)) => text(format_time(time, &format)),
            _ => Cell::Null,
        }),
    ),
    function(
        "strptime(text, format)",
        "The time, in seconds since 1970, that a text in the format gives; null where it does not fit. Without a zone it is UTC, without a year that of the present one; a time of day alone is today's.",
        &[
            example(r#"strptime("2026-03-14 12:34:56", "%Y-%m-%d %H:%M:%S")"#, "1773491696"),
            example(r#"strftime(strptime("Mar 9 07:00:00", "%b %d %H:%M:%S"), "%F %T")"#, "2026-03-09 07:00:00"),
            example(r#"strptime("09:30", "%H:%M")-strptime("08:00", "%H:%M")"#, "5400"),
            example(r#"strptime("14/03/2026", "%Y-%m-%d")"#, "null"),
        ],
        Exactly(2),
        PlanRow(
            |call| {
                let mut arguments: Vec<_> = call.all()?.into_iter().map(|argument| argument.expr).collect();
                arguments.push(clock::now());
                Ok(Typed::new(called(call.name, arguments), Type::Number))
            },
            |row| {
                let today = || Some(civil(row.number(2)? / 1e3)?.date());
                let (Some(text), Some(format)) = (row.text(0), row.text(1)) else { return Cell::Null };
                number(parse_time(text.trim_start(), &format, today()))
            },
        ),
    ),
    function(
        "time()",
        "The moment, in seconds since 1970 with fraction: the clock of the run, so that a search over the same data gives the same result.",
        &[example("time()", "1773489600")],
        Exactly(0),
        PlanRow(|_| Ok(moment()), |row| number(row.number(0).map(|now| now / 1e3))),
    ),
];

/// The moment the search runs, in whole seconds since 1970.
pub(crate) fn now() -> Typed {
    Typed::new(called("now", vec![clock::now()]), Type::Number)
}

/// The same with its fraction.
pub(crate) fn moment() -> Typed {
    Typed::new(called("time", vec![clock::now()]), Type::Number)
}

/// The time that lies so far from the moment the search runs.
pub(crate) fn from_now(modifier: &str) -> Typed {
    Typed::new(called("relative_time", vec![moment().expr, lit(modifier)]), Type::Number)
}

/// A call of a function of this table that gives a number.
fn called(name: &str, arguments: Vec<Expr>) -> Expr {
    mynah_kernels::call(RowCall { function: name.to_owned(), ..RowCall::new(Type::Number) }, arguments)
}
