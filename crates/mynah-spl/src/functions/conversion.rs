//! Numbers, texts and truth values made of one another.
use super::json;
use super::prelude::*;
use super::printf;
use crate::expression::{Expression, ExpressionKind, parse_number};
use serde_json::Value;
use std::net::Ipv4Addr;

family!(function, "ConversionFunctions");

pub(super) static CONVERSION: [Entry; 10] = [
    function(
        "ipmask(mask, address)",
        "The bits of an IPv4 address that the mask has.",
        &[
            example(r#"ipmask("255.255.255.0", "10.20.30.120")"#, "10.20.30.0"),
            example(r#"ipmask("0.255.0.224", "10.20.30.120")"#, "0.20.0.96"),
            example(r#"ipmask("255.0.0.0", "x")"#, "null"),
        ],
        Exactly(2),
        Row(Type::Text, |row| {
            let address = |index| row.text(index).and_then(|text| text.trim().parse::<Ipv4Addr>().ok());
            match (address(0), address(1)) {
                (Some(mask), Some(address)) => {
                    Cell::text(Ipv4Addr::from(u32::from(mask) & u32::from(address)).to_string())
                }
                _ => Cell::Null,
            }
        }),
    ),
    function(
        "printf(format, value, ...)",
        "The values in a format as in C: `%a %A %c %d %i %u %e %E %f %F %g %G %o %s %z %x %X %p %%`, with flags, width and precision.",
        &[
            example(r#"printf("%05.2f|%-4s|%x", 3.14159, "ab", 255)"#, "03.14|ab  |ff"),
            example(r#"printf("%+d %%", 7)"#, "+7 %"),
            example(r#"printf("%c", "splunk")"#, "s"),
            example(r#"printf("%c,%c", 65, "Foo")"#, "A,F"),
            example(r#"printf("%e", 12345.678)"#, "1.234568e+04"),
            example(r#"printf("%.2g,%.2G", pi(), 123)"#, "3.1,1.2E+02"),
            example(r#"printf("%s%z", "foo", "bar")"#, "foobar"),
            example(r#"printf("%x,%X,%p", 10, 10, 10)"#, "a,A,A"),
            example(r#"printf("%.3A", pi())"#, "0X1.922P+1"),
            example(r#"printf("%a", 0.5)"#, "0x1p-1"),
        ],
        AtLeast(1),
        PlanRow(printed, |row| {
            let Some(format) = row.text(0) else { return Cell::Null };
            text(printf::format(&format, |index| {
                let index = index + 1;
                (index < row.len()).then(|| (row.text(index).unwrap_or_default().into_owned(), row.number(index)))
            }))
        }),
    ),
    function(
        "toarray(value)",
        "The JSON array that the text is, or one of the several values; null for the rest.",
        &[
            example(r#"toarray("[\"carrots\", 1.00, 1.75]")"#, r#"["carrots",1,1.75]"#),
            example(r#"toarray(split("1, 2, 3", ","))"#, "[1,2,3]"),
            example(r#"toarray("somefield")"#, "null"),
        ],
        Exactly(1),
        Row(Type::Text, |row| match row.cell(0) {
            Cell::List(cells) if cells.len() > 1 => {
                json::array(row.values(0).iter().map(|value| json::inferred(value)))
            }
            _ => text(json::parsed(row).filter(Value::is_array).map(|array| json::shortest(array).to_string())),
        }),
    ),
    function(
        "tobool(value)",
        "The truth value that the value stands for: `true`, `t`, `yes`, `1` in any case are true, `false`, `f`, `no`, `0` false, numbers other than 0 true; null for the rest.",
        &[example(r#"tobool("true")"#, "true"), example("tobool(0)", "false"), example(r#"tobool("maybe")"#, "null")],
        Exactly(1),
        Row(Type::Boolean, |row| match row.cell(0) {
            Cell::Boolean(truth) => Cell::Boolean(*truth),
            _ => match row.text(0).map(|text| text.to_ascii_lowercase()).as_deref() {
                Some("true" | "t" | "yes") => Cell::Boolean(true),
                Some("false" | "f" | "no") => Cell::Boolean(false),
                _ => row.number(0).map(|number| Cell::Boolean(number != 0.0)).into(),
            },
        }),
    ),
    function(
        "todouble(value [, base])",
        "The number that the value is in the base, 10 by default.",
        &[example(r#"todouble("4.5")"#, "4.5"), example(r#"todouble("10", 2)"#, "2")],
        Between(1, 2),
        PlanRow(in_base, |row| number(of_base(row))),
    ),
    function(
        "toint(value [, base])",
        "The whole number that the value is in the base, 10 by default; fractions are cut off towards the lower number.",
        &[
            example(r#"toint("42")"#, "42"),
            example("toint(3.9)", "3"),
            example(r#"toint("ff", 16)"#, "255"),
            example(r#"toint("x")"#, "null"),
        ],
        Between(1, 2),
        PlanRow(in_base, |row| number(of_base(row).map(f64::floor))),
    ),
    function(
        "tomv(array)",
        "The elements of a JSON array as several values, texts without their quotes; several values stay as they are; null for the rest.",
        &[
            example(r#"tomv(json_array("a", json_object("b", 1)))"#, r#"["a","{\"b\":1}"]"#),
            example(r#"tomv("a")"#, "null"),
        ],
        Exactly(1),
        Row(Type::Multi, |row| match (row.cell(0), json::parsed(row)) {
            (Cell::List(cells), _) if cells.len() > 1 => {
                Cell::texts(row.values(0).into_iter().map(|value| value.into_owned()))
            }
            (_, Some(Value::Array(values))) => Cell::texts(values.into_iter().map(|value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            })),
            _ => Cell::Null,
        }),
    ),
    function(
        "tonumber(text [, base])",
        "The number that the text is in the base, 10 by default, from 2 to 36; null where it is none.",
        &[
            example(r#"tonumber("0A4", 16)"#, "164"),
            example(r#"tonumber("1.5")"#, "1.5"),
            example(r#"tonumber("101", 2)"#, "5"),
            example(r#"tonumber(trim(" seven "))"#, "null"),
        ],
        Between(1, 2),
        PlanRow(
            |call| {
                let value = call.argument(0)?;
                // A field that is no number gives null; a text of the query that is none is refused.
                if let ([Expression { kind: ExpressionKind::Text(text), .. }], None) =
                    (call.arguments, value.as_literal_text().and_then(parse_number))
                {
                    return Err(call.error(0, format!("`{text}` is no number")));
                }
                match call.arguments.len() {
                    1 if value.ty != Type::Multi => Ok(Typed::new(value.into_number(), Type::Number)),
                    _ => in_base(call),
                }
            },
            |row| number(of_base(row)),
        ),
    ),
    function(
        "toobject(value)",
        "The JSON object that the text is; null for the rest.",
        &[example(r#"toobject("{\"age\": 25}")"#, r#"{"age":25}"#), example(r#"toobject("[1]")"#, "null")],
        Exactly(1),
        Row(Type::Text, |row| text(json::parsed(row).filter(Value::is_object).map(|object| object.to_string()))),
    ),
    function(
        "tostring(value [, \"binary\" | \"hex\" | \"commas\" | \"duration\"])",
        "The value as text: truth values as `True` and `False`; numbers in binary, in hexadecimal with `0x`, with thousands separators (rounded to two decimals), or as a duration `[D+]HH:MM:SS`.",
        &[
            example(r#"tostring(615, "hex")"#, "0x267"),
            example(r#"tostring(12345.6789, "commas")"#, "12,345.68"),
            example(r#"tostring(1234567, "commas")"#, "1,234,567"),
            example(r#"tostring(615, "duration")"#, "00:10:15"),
            example(r#"tostring(90061, "duration")"#, "1+01:01:01"),
            example(r#"tostring(9, "binary")"#, "1001"),
            example("tostring(1=1)", "True"),
            example("tostring(3.0)", "3"),
        ],
        Between(1, 2),
        PlanRow(tostring, |row| {
            let write: fn(f64) -> String = match row.text(1).as_deref() {
                Some("hex") => |number| format!("0x{:X}", number as i64),
                Some("binary") => |number| format!("{:b}", number as i64),
                Some("commas") => commas,
                _ => duration,
            };
            // What is no number stays as it is.
            text(row.number(0).map(write).or_else(|| Some(row.text(0)?.into_owned())))
        }),
    ),
];

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

/// `printf`, whose format must be one where it is a constant.
fn printed(call: &Call<'_>) -> Lowered {
    if let Some(letter) = call.literal_text(0)?.and_then(|format| printf::unknown(&format)) {
        return Err(call.error(0, format!("`printf` has no conversion `%{letter}`")));
    }
    call.row(RowCall::new(Type::Text))
}

fn tostring(call: &Call<'_>) -> Lowered {
    if call.arguments.len() == 1 {
        let value = call.argument(0)?;
        return Ok(if value.ty == Type::Multi { value } else { Typed::new(value.into_text(), Type::Text) });
    }
    match call.literal_text(1)?.as_deref() {
        Some("hex" | "binary" | "commas" | "duration") => call.row(RowCall::each(Type::Text)),
        _ => Err(call.error(1, "`tostring` knows the formats \"binary\", \"hex\", \"commas\" and \"duration\"")),
    }
}

/// A function of a text and, it may be, a constant base.
fn in_base(call: &Call<'_>) -> Lowered {
    let base = call.argument(1)?;
    let base = base.as_literal_number().or_else(|| base.as_literal_text().and_then(parse_number));
    let is_base = |base: f64| base.fract() == 0.0 && (2.0..=36.0).contains(&base);
    if call.arguments.len() == 2 && !base.is_some_and(is_base) {
        return Err(call.error(1, format!("the base of `{}` is a whole number from 2 to 36", call.name)));
    }
    call.row(RowCall::each(Type::Number))
}

/// The number that a text is in a base; hexadecimal ones may begin with `0x`.
fn of_base(row: &super::Row<'_>) -> Option<f64> {
    let text = row.text(0)?;
    let base = if row.len() > 1 { row.integer(1)? } else { 10 };
    if base == 10 {
        return parse_number(&text);
    }
    let prefix = if base == 16 { ["0x", "0X"].into_iter().find_map(|prefix| text.strip_prefix(prefix)) } else { None };
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base))?;
    i64::from_str_radix(prefix.unwrap_or(&text), base).ok().map(|number| number as f64)
}
