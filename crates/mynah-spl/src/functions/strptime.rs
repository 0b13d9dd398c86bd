use super::prelude::*;
use super::relative_modifier::civil;
use super::time_format::parse_time;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "strptime",
        usage: "strptime(text, format)",
        summary: "The time, in seconds since 1970, that a text in the format gives; null where it does not fit. Without a zone it is UTC; there must be a day, and without a year it is the present one.",
        page: super::page::TIME,
        examples: &[
            Example { query: r#"strptime("2026-03-14 12:34:56", "%Y-%m-%d %H:%M:%S")"#, result: "1773491696" },
            Example {
                query: r#"strftime(strptime("Mar 9 07:00:00", "%b %d %H:%M:%S"), "%F %T")"#,
                result: "2026-03-09 07:00:00",
            },
            Example { query: r#"strptime("14/03/2026", "%Y-%m-%d")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let year = civil((call.context.now)().seconds()).map(|now| now.year());
    call.row(&format!("{year:?}"), Type::Number, move |row| match (row.text(0), row.text(1)) {
        (Some(text), Some(format)) => number(parse_time(text.trim_start(), &format, year)),
        _ => Cell::Null,
    })
}
