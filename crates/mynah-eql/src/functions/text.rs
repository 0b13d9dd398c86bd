//! Functions that take texts apart and put them together.
use super::Accepts::{Any, Boolean, Integer, Text};
use super::units::{Units, folded};
use super::{FunctionCode, page};
use crate::plan::ValueType;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Case, Cell};
use std::borrow::Cow;

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 6] = [
    Entry::new(
        "between",
        "between(source, left, right [, greedy])",
        "The text between the first `left` and the next `right`, or the last `right` if greedy. An empty text if either is not there; null if the source is null.",
        page!("between"),
        &[
            example(r#"between("C:\\Windows\\System32\\cmd.exe", "System32\\", ".exe")"#, "cmd"),
            example(r#"between("C:\\Windows\\System32\\cmd.exe", "system32\\", ".exe")"#, ""),
            example(r#"between("C:\\Windows\\System32\\cmd.exe", "workspace\\", ".exe")"#, ""),
            example(r#"between~("C:\\Windows\\System32\\cmd.exe", "system32\\", ".exe")"#, "cmd"),
            example(r#"between("C:\\Windows\\System32\\cmd.exe", "\\", "\\", false)"#, "Windows"),
            example(r#"between("C:\\Windows\\System32\\cmd.exe", "\\", "\\", true)"#, r#"Windows\System32"#),
            example(r#"between("", "System32", ".exe")"#, ""),
            example(r#"between("", "", "")"#, ""),
            example(r#"between(null, "System32", ".exe")"#, "null"),
        ],
        Arity::Between(3, 4),
        FunctionCode::new(&[Text, Text, Text, Boolean], Some(ValueType::Text), between).folding(),
    ),
    Entry::new(
        "concat",
        "concat(value [, ...])",
        "The values one behind the other, as text. Null if any of them is null.",
        page!("concat"),
        &[
            example(r#"concat("process is ", "regsvr32.exe")"#, "process is regsvr32.exe"),
            example(r#"concat("regsvr32.exe", " ", 42)"#, "regsvr32.exe 42"),
            example(r#"concat("regsvr32.exe", " ", 42.5)"#, "regsvr32.exe 42.5"),
            example(r#"concat("regsvr32.exe", " ", true)"#, "regsvr32.exe true"),
            example(r#"concat("regsvr32.exe")"#, "regsvr32.exe"),
            example(r#"concat(null, "regsvr32.exe")"#, "null"),
            example(r#"concat(null)"#, "null"),
        ],
        Arity::AtLeast(1),
        FunctionCode::new(&[Any], Some(ValueType::Text), concat),
    ),
    Entry::new(
        "indexOf",
        "indexOf(source, substring [, start])",
        "Where a text first holds another, counted from 0, not before `start`. Null if it does not, or if one of the texts is null.",
        page!("indexof"),
        &[
            example(r#"indexOf("subdomain.example.com", "d")"#, "3"),
            example(r#"indexOf("subdomain.example.com", "D")"#, "null"),
            example(r#"indexOf("subdomain.example.com", ".")"#, "9"),
            example(r#"indexOf("subdomain.example.com", ".", 9)"#, "9"),
            example(r#"indexOf("subdomain.example.com", ".", 10)"#, "17"),
            example(r#"indexOf("subdomain.example.com", ".", -6)"#, "9"),
            example(r#"indexOf~("subdomain.example.com", "D")"#, "3"),
            example(r#"indexOf("", "")"#, "0"),
            example(r#"indexOf("subdomain.example.com", "")"#, "0"),
            example(r#"indexOf("subdomain.example.com", "", 9)"#, "9"),
            example(r#"indexOf("subdomain.example.com", "z")"#, "null"),
            example(r#"indexOf("subdomain.example.com", ".", 30)"#, "null"),
            example(r#"indexOf(null, ".", 9)"#, "null"),
            example(r#"indexOf("subdomain.example.com", null, 9)"#, "null"),
            example(r#"indexOf("subdomain.example.com", ".", null)"#, "9"),
        ],
        Arity::Between(2, 3),
        FunctionCode::new(&[Text, Text, Integer], Some(ValueType::Integer), index_of).folding(),
    ),
    Entry::new(
        "length",
        "length(text)",
        "How many characters a text has; one beyond U+FFFF counts as two, as in Java. Null if it is null.",
        page!("length"),
        &[
            example(r#"length("explorer.exe")"#, "12"),
            example(r#"length("start explorer.exe")"#, "18"),
            example(r#"length("")"#, "0"),
            example(r#"length(null)"#, "null"),
        ],
        Arity::Exactly(1),
        FunctionCode::new(&[Text], Some(ValueType::Integer), length),
    ),
    Entry::new(
        "string",
        "string(value)",
        "A value as text. Null if it is null.",
        page!("string"),
        &[
            example(r#"string(42)"#, "42"),
            example(r#"string(42.5)"#, "42.5"),
            example(r#"string("regsvr32.exe")"#, "regsvr32.exe"),
            example(r#"string(true)"#, "true"),
            example(r#"string(null)"#, "null"),
        ],
        Arity::Exactly(1),
        FunctionCode::new(&[Any], Some(ValueType::Text), string),
    ),
    Entry::new(
        "substring",
        "substring(source, start [, end])",
        "The part of a text from `start` up to, not including, `end`; counted from 0, and from the end if negative. An empty text if there is no such part; null if the source is. A `start` or `end` that is null is the text's.",
        page!("substring"),
        &[
            example(r#"substring("start regsvr32.exe", 6)"#, "regsvr32.exe"),
            example(r#"substring("start regsvr32.exe", 0, 5)"#, "start"),
            example(r#"substring("start regsvr32.exe", 6, 14)"#, "regsvr32"),
            example(r#"substring("start regsvr32.exe", -4)"#, ".exe"),
            example(r#"substring("start regsvr32.exe", -4, -1)"#, ".ex"),
            example(r#"substring("abc", 5)"#, ""),
            example(r#"substring("abc", -9, 2)"#, "ab"),
            example(r#"substring("hello world", 6, null)"#, "world"),
            example(r#"substring("abc", null)"#, "abc"),
        ],
        Arity::Between(2, 3),
        FunctionCode::new(&[Text, Integer, Integer], Some(ValueType::Text), substring),
    ),
];

fn between<'a>(row: &[Cell<'a>], case: Case) -> Cell<'a> {
    let [Cell::Text(source), rest @ ..] = row else { return Cell::Null };
    let (left, right) = match rest {
        [Cell::Text(left), Cell::Text(right), ..] if !source.is_empty() && !left.is_empty() && !right.is_empty() => {
            (left, right)
        }
        // Without something to stand between, the source is given back.
        _ => return Cell::Text(source.clone()),
    };
    let greedy = rest.get(2).and_then(Cell::as_boolean).unwrap_or(false);
    let searched = Units::of(&folded(source, case));
    let (left, right) = (Units::of(&folded(left, case)), Units::of(&folded(right, case)));
    let nothing = Cell::text("");
    let Some(start) = searched.find(&left, 0).map(|at| at + left.len()) else { return nothing };
    let end = if greedy { searched.rfind(&right) } else { searched.find(&right, start) };
    match end {
        Some(end) if end >= start => Cell::text(Units::of(source).slice(start, end)),
        _ => nothing,
    }
}

fn concat<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let mut joined = String::new();
    for cell in row {
        match text_of(cell) {
            Some(text) => joined.push_str(&text),
            None => return Cell::Null,
        }
    }
    Cell::text(joined)
}

fn index_of<'a>(row: &[Cell<'a>], case: Case) -> Cell<'a> {
    let (source, part, start) = match row {
        [Cell::Text(source), Cell::Text(part)] | [Cell::Text(source), Cell::Text(part), Cell::Null] => {
            (source, part, 0)
        }
        [Cell::Text(source), Cell::Text(part), Cell::Integer(start)] => (source, part, *start),
        _ => return Cell::Null,
    };
    let source = Units::of(&folded(source, case));
    // What is negative counts as 0; what is too large for this machine is behind every text.
    let start = usize::try_from(start.max(0)).unwrap_or(usize::MAX);
    source.find(&Units::of(&folded(part, case)), start).and_then(|at| i64::try_from(at).ok()).map(Cell::Integer).into()
}

fn length<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => i64::try_from(text.encode_utf16().count()).ok().map(Cell::Integer).into(),
        _ => Cell::Null,
    }
}

fn string<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => Cell::Text(text.clone()),
        [value] => text_of(value).map(|text| Cell::Text(Cow::Owned(text.into_owned()))).into(),
        _ => Cell::Null,
    }
}

/// A value as text, numbers as Java writes them: `4`, `4.0`.
pub(crate) fn text_of<'c>(cell: &'c Cell<'_>) -> Option<Cow<'c, str>> {
    match cell {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
        Cell::Float(number) => Some(Cow::Owned(format!("{number:?}"))),
        Cell::Boolean(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Cell::Null | Cell::List(_) => None,
    }
}

fn substring<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let (source, start, end) = match row {
        [Cell::Text(source), Cell::Null] | [Cell::Text(source), Cell::Null, _] => return Cell::Text(source.clone()),
        [Cell::Text(source), Cell::Integer(start)] | [Cell::Text(source), Cell::Integer(start), Cell::Null] => {
            (source, *start, None)
        }
        [Cell::Text(source), Cell::Integer(start), Cell::Integer(end)] => (source, *start, Some(*end)),
        _ => return Cell::Null,
    };
    let units = Units::of(source);
    let length = units.len();
    let place = |position: i64| match usize::try_from(position) {
        Ok(from_start) => from_start.min(length),
        // A negative one counts from the end, and ends at the start.
        Err(_) => length.saturating_sub(usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let (start, end) = (place(start), end.map_or(length, place));
    Cell::text(if start < end { units.slice(start, end) } else { String::new() })
}
