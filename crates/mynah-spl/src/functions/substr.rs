use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "substr",
        usage: "substr(text, start [, length])",
        summary: "The part of the text from a character on, counted from 1, or from the end where negative; all the rest without a length.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"substr("splunk", 1, 3)"#, result: "spl" },
            Example { query: r#"substr("splunk", -3)"#, result: "unk" },
            Example { query: r#"substr("splunk", -3, 2)"#, result: "un" },
            Example { query: r#"substr("splunk", 9)"#, result: "" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.each("", Type::Text, |row| {
        let (Some(value), Some(start)) = (row.text(0), row.integer(1)) else { return Cell::Null };
        let length = if row.len() > 2 { row.integer(2) } else { Some(i64::MAX) };
        text(length.map(|length| part(&value, start, length)))
    })
}

/// SQLite's rules, which Splunk's documentation refers to.
fn part(value: &str, start: i64, length: i64) -> String {
    let count = value.chars().count() as i64;
    let from = match start {
        1.. => start - 1,
        0 => -1,
        _ => count.saturating_add(start),
    };
    let to = from.saturating_add(length.max(0)).clamp(0, count);
    let from = from.clamp(0, count);
    value.chars().skip(from as usize).take((to - from).max(0) as usize).collect()
}
