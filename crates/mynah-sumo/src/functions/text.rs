//! Texts, their parts and their encodings.
use super::{Call, Make, function, of_text, unary};
use crate::ast::{Expression, number_value};
use crate::plan::{Kind, Typed};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Cell, call, json};
use mynah_syntax::Diagnostic;
use serde_json::Value;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    unary(
        "asciiToHex(text)",
        "The bytes of a text as hexadecimal digits, in upper case.",
        page!("search-operators/asciitohex/"),
        &[example("asciiToHex(\"Mynah\")", "4D796E6168")],
        of_text(Kind::Text, |row| map(row, |text| text.bytes().map(|byte| format!("{byte:02X}")).collect())),
    ),
    unary(
        "hexToAscii(text)",
        "The text whose bytes these hexadecimal digits are. Null where they are none.",
        page!("search-operators/hextoascii/"),
        &[example("hexToAscii(\"4D796E6168\")", "Mynah"), example("hexToAscii(\"4D7\")", "null")],
        of_text(Kind::Text, hex_to_ascii),
    ),
    unary(
        "base64Encode(text)",
        "A text in base64.",
        page!("search-operators/base64encode/"),
        &[example("base64Encode(\"whoami\")", "d2hvYW1p")],
        of_text(Kind::Text, |row| map(row, |text| STANDARD.encode(text.as_bytes()))),
    ),
    function(
        "concat(value, value [, …])",
        "Values one after another as one text. Null counts as an empty text.",
        page!("search-operators/concat/"),
        &[example("concat(\"time\", 4, \"logs\")", "time4logs"), example("concat(\"a\", null, \"b\")", "ab")],
        Arity::AtLeast(1),
        of_text(Kind::Text, |row| Cell::text(row.iter().filter_map(Cell::as_text).collect::<String>())),
    ),
    function(
        "contains(text, part)",
        "Whether the second text is in the first, in its own case. Of an empty and another text, false.",
        page!("search-operators/contains/"),
        &[
            example("contains(\"cmd /c whoami\", \"whoami\")", "true"),
            example("contains(\"cmd /c whoami\", \"Whoami\")", "false"),
            example("contains(\"a\", \"\")", "false"),
            example("contains(\"\", \"\")", "true"),
        ],
        Arity::Exactly(2),
        of_text(Kind::Boolean, |row| match row {
            [Cell::Text(text), Cell::Text(part)] => {
                Cell::Boolean(text.contains(part.as_ref()) && text.is_empty() == part.is_empty())
            }
            _ => Cell::Null,
        }),
    ),
    function(
        "jsonArrayContains(array, value)",
        "Whether a JSON array holds a value. False for what is no array.",
        page!("search-operators/"),
        &[
            example("jsonArrayContains(\"[\\\"a\\\",\\\"b\\\"]\", \"b\")", "true"),
            example("jsonArrayContains(\"[1]\", \"2\")", "false"),
        ],
        Arity::Exactly(2),
        of_text(Kind::Boolean, |row| {
            let [Cell::Text(text), Cell::Text(wanted)] = row else { return Cell::Boolean(false) };
            let holds = |values: Vec<Value>| values.iter().any(|v| json::show(v).as_deref() == Some(wanted.as_ref()));
            Cell::Boolean(json_array(text).is_some_and(holds))
        }),
    ),
    unary(
        "jsonArraySize(array)",
        "How many values a JSON array holds: -1 of null, null for what is no array.",
        page!("search-operators/jsonarraysize/"),
        &[example("jsonArraySize(\"[1, 2, 3]\")", "3"), example("jsonArraySize(null)", "-1")],
        of_text(Kind::Integer, |row| match row {
            [Cell::Text(text)] => json_array(text).map(|values| Cell::Integer(values.len() as i64)).into(),
            _ => Cell::Integer(-1),
        }),
    ),
    unary(
        "length(text)",
        "How many characters a text has; 0 for null.",
        page!("search-operators/length/"),
        &[example("length(\"query\")", "5"), example("length(null)", "0")],
        of_text(Kind::Integer, |row| match row {
            [Cell::Text(text)] => Cell::Integer(text.chars().count() as i64),
            _ => Cell::Integer(0),
        }),
    ),
    unary(
        "luhn(text)",
        "Whether the digits of a text pass the check of credit card numbers.",
        page!("search-operators/luhn/"),
        &[example("luhn(\"4111 1111 1111 1111\")", "true"), example("luhn(\"4111 1111 1111 1112\")", "false")],
        of_text(Kind::Boolean, luhn),
    ),
    function(
        "substring(text, start [, end])",
        "The characters from `start` (from 0) up to, not including, `end`, or to the end of the text. Offsets that \
         cannot be are an error; null where they depend on the row.",
        page!("search-operators/substring/"),
        &[
            example("substring(\"Hello world!\", 6)", "world!"),
            example("substring(\"Sumo Logic\", 0, 4)", "Sumo"),
            example("substring(\"Sumo Logic\", 0, 100)", "Sumo Logic"),
            example("substring(\"Hello world\", length(\"\") - 1)", "null"),
        ],
        Arity::Between(2, 3),
        Make::Checked(check_offsets, &[Kind::Text, Kind::Integer, Kind::Integer], Kind::Text, substring),
    ),
    Entry {
        aliases: &["lower"],
        ..unary(
            "toLowerCase(text)",
            "A text in lower case.",
            page!("search-operators/tolowercase-touppercase/"),
            &[example("toLowerCase(\"RunDLL32\")", "rundll32")],
            of_text(Kind::Text, |row| map(row, str::to_lowercase)),
        )
    },
    Entry {
        aliases: &["upper"],
        ..unary(
            "toUpperCase(text)",
            "A text in upper case.",
            page!("search-operators/tolowercase-touppercase/"),
            &[example("toUpperCase(\"error\")", "ERROR")],
            of_text(Kind::Text, |row| map(row, str::to_uppercase)),
        )
    },
    function(
        "tourl(address, label [, prefix, suffix])",
        "A link. Sumo Logic shows its label, so the value here is the label, with prefix and suffix if given.",
        page!("search-operators/tourl/"),
        &[
            example("tourl(\"https://a.example/1\", \"first\")", "first"),
            example("tourl(\"https://a.example/1\", \"9:00\", \"failed at \", \"\")", "failed at 9:00"),
        ],
        Arity::Between(2, 4),
        of_text(Kind::Text, |row| match row {
            [_, Cell::Text(label), around @ ..] => {
                let part = |index: usize| around.get(index).and_then(Cell::as_text).unwrap_or("");
                Cell::text(format!("{}{label}{}", part(0), part(1)))
            }
            _ => Cell::Null,
        }),
    ),
    unary(
        "trim(text)",
        "A text without the white space around it.",
        page!("search-operators/trim/"),
        &[example("trim(\"  a b \")", "a b")],
        of_text(Kind::Text, |row| map(row, |text| text.trim().to_owned())),
    ),
    unary(
        "urlencode(text)",
        "A text as part of an address: what is not a letter, a digit or one of `.-*_` as `%XX`, a space as `+`.",
        page!("search-operators/urlencode/"),
        &[example("urlencode(\"a b/c\")", "a+b%2Fc")],
        of_text(Kind::Text, |row| map(row, |text| text.bytes().map(url_byte).collect())),
    ),
    unary(
        "urldecode(text)",
        "A text from an address: `%XX` and `+` become what they stand for.",
        page!("search-operators/urldecode/"),
        &[example("urldecode(\"a+b%2Fc%zz\")", "a b/c%zz")],
        of_text(Kind::Text, |row| map(row, url_decode)),
    ),
];

const CONTAINS: &str = "contains";

/// `left contains right`.
pub(crate) fn contains(left: Typed, right: Typed) -> Typed {
    let arguments = vec![left.to(Kind::Text).expr, right.to(Kind::Text).expr];
    Typed::new(call(Call { function: CONTAINS.to_owned() }, arguments), Kind::Boolean)
}

/// A text made of a text; null of null.
fn map<'a>(row: &[Cell<'a>], change: impl Fn(&str) -> String) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::text(change(text)),
        _ => Cell::Null,
    }
}

fn hex_to_ascii<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Null };
    let digits: Option<Vec<u8>> = text.trim().chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() % 2 == 0) else { return Cell::Null };
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    Cell::text(String::from_utf8_lossy(&bytes).into_owned())
}

fn json_array(text: &str) -> Option<Vec<Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => Some(values),
        _ => None,
    }
}

fn luhn<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(text)] = row else { return Cell::Boolean(false) };
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let value = |(index, digit): (usize, &u32)| match (index % 2, digit * 2) {
        (0, _) => *digit,
        (_, doubled) if doubled > 9 => doubled - 9,
        (_, doubled) => doubled,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(value).sum();
    Cell::Boolean(!digits.is_empty() && sum.is_multiple_of(10))
}

/// Offsets that no text has.
fn check_offsets(arguments: &[Expression]) -> Result<(), Diagnostic> {
    let number = |index: usize| match arguments.get(index)? {
        Expression::Number(text, _) => number_value(text),
        Expression::Negative(inner, _) => match inner.as_ref() {
            Expression::Number(text, _) => Some(-number_value(text)?),
            _ => None,
        },
        _ => None,
    };
    let wrong = |index: usize, message: &str| {
        let span = arguments.get(index).map(Expression::span).unwrap_or_default();
        Err(Diagnostic::error("sumo/arguments", message, span))
    };
    match (number(1), number(2)) {
        (Some(start), _) if start < 0.0 => wrong(1, "the start of `substring` is not negative"),
        (Some(start), Some(end)) if end < start => wrong(2, "the end of `substring` is not before its start"),
        (None, Some(end)) if end < 0.0 => wrong(2, "the end of `substring` is not negative"),
        _ => Ok(()),
    }
}

fn substring<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (text, start, end) = match row {
        [Cell::Text(text), Cell::Integer(start)] => (text, *start, i64::MAX),
        [Cell::Text(text), Cell::Integer(start), Cell::Integer(end)] => (text, *start, *end),
        _ => return Cell::Null,
    };
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if end >= start => {
            Cell::text(text.chars().skip(start).take(end - start).collect::<String>())
        }
        _ => Cell::Null,
    }
}

fn url_byte(byte: u8) -> Cow<'static, str> {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => char::from(byte).to_string().into(),
        b' ' => "+".into(),
        other => format!("%{other:02X}").into(),
    }
}

fn url_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| bytes.get(at + 1..at + 3).and_then(|d| std::str::from_utf8(d).ok()))
            .flatten()
            .filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(escaped.unwrap_or(if *byte == b'+' { b' ' } else { *byte }));
    }
    String::from_utf8_lossy(&out).into_owned()
}
