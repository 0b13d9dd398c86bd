use super::prelude::*;
use super::time_format::format_time;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "strftime",
        usage: "strftime(time, format)",
        summary: "A time, in seconds since 1970, as text in the format; in UTC.",
        page: super::page::TIME,
        examples: &[
            Example { query: r#"strftime(1773491696.25, "%Y-%m-%dT%H:%M:%S.%Q")"#, result: "2026-03-14T12:34:56.250" },
            Example { query: r#"strftime("x", "%F")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| match (row.number(0), row.text(1)) {
        (Some(time), Some(format)) => text(format_time(time, &format)),
        _ => Cell::Null,
    })
}
