use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "tostring",
        usage: "tostring(value [, \"binary\" | \"hex\" | \"commas\" | \"duration\"])",
        summary: "The value as text: truth values as `True` and `False`; numbers in binary, in hexadecimal with `0x`, with thousands separators (rounded to two decimals), or as a duration `[D+]HH:MM:SS`.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"tostring(615, "hex")"#, result: "0x267" },
            Example { query: r#"tostring(12345.6789, "commas")"#, result: "12,345.68" },
            Example { query: r#"tostring(1234567, "commas")"#, result: "1,234,567" },
            Example { query: r#"tostring(615, "duration")"#, result: "00:10:15" },
            Example { query: r#"tostring(90061, "duration")"#, result: "1+01:01:01" },
            Example { query: r#"tostring(9, "binary")"#, result: "1001" },
            Example { query: "tostring(1=1)", result: "True" },
            Example { query: "tostring(3.0)", result: "3" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.argument(0)?;
    if call.arguments.len() == 1 {
        return Ok(match value.ty {
            Type::Multi => value,
            _ => Typed::new(value.into_text(), Type::Text),
        });
    }
    let write: fn(f64) -> String = match call.literal_text(1)?.as_deref() {
        Some("hex") => |number| format!("0x{:X}", number as i64),
        Some("binary") => |number| format!("{:b}", number as i64),
        Some("commas") => commas,
        Some("duration") => duration,
        _ => return Err(call.error(1, "`tostring` knows the formats \"binary\", \"hex\", \"commas\" and \"duration\"")),
    };
    // What is no number stays as it is.
    call.each("", Type::Text, move |row| match row.number(0) {
        Some(number) => Cell::text(write(number)),
        None => text(row.text(0)),
    })
}

fn commas(number: f64) -> String {
    let written = if number.fract() == 0.0 { format!("{:.0}", number.abs()) } else { format!("{:.2}", number.abs()) };
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{out}") } else { format!("{sign}{out}.{fraction}") }
}

fn duration(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let microseconds = (seconds.abs() * 1e6).round() as u64;
    let (whole, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let (days, rest) = (whole / 86_400, whole % 86_400);
    let days = if days > 0 { format!("{days}+") } else { String::new() };
    let fraction = if fraction > 0 { format!(".{fraction:06}") } else { String::new() };
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", rest / 3600, rest / 60 % 60, rest % 60)
}
