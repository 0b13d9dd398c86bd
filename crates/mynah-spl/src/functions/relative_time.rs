use super::prelude::*;
use super::relative_modifier::RelativeTime;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "relative_time",
        usage: "relative_time(time, modifier)",
        summary: "The time that lies so far from another: `-1d@d` is the start of the day before, in UTC.",
        page: super::page::TIME,
        examples: &[
            Example {
                query: r#"strftime(relative_time(1773491696, "-1d@d"), "%F %T")"#,
                result: "2026-03-13 00:00:00",
            },
            Example { query: r#"relative_time(1773491696, "+90s")"#, result: "1773491786" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let modifier = match call.literal_text(1)? {
        Some(modifier) => match RelativeTime::parse(&modifier) {
            Some(modifier) => Some(modifier),
            None => return Err(call.error(1, format!("`{modifier}` is no relative time, such as `-1d@d`"))),
        },
        None => None,
    };
    let key = format!("{modifier:?}");
    call.row(&key, Type::Number, move |row| {
        let Some(time) = row.number(0) else { return Cell::Null };
        number(match &modifier {
            Some(modifier) => modifier.from(time),
            None => row.text(1).and_then(|text| RelativeTime::parse(&text)).and_then(|modifier| modifier.from(time)),
        })
    })
}
