//! Texts.
use super::json_path;
use super::prelude::*;
use super::xml;
use mynah_kernels::Groups;
use mynah_kernels::json::show;

family!(function, "TextFunctions");

pub(super) static TEXT: [Entry; 10] = [
    aliased(
        &["length"],
        function(
            "len(text)",
            "How many characters the text has; null for several values.",
            &[example(r#"len("größe")"#, "5"), example(r#"len("")"#, "0"), example("length(1234)", "4")],
            Exactly(1),
            Row(Type::Number, |row| match row.values(0).as_slice() {
                [one] => Cell::Float(one.chars().count() as f64),
                _ => Cell::Null,
            }),
        ),
    ),
    function(
        "lower(text)",
        "The text in lower case; of several values each.",
        &[example(r#"lower("Ab1")"#, "ab1"), example(r#"lower(split("A,b", ","))"#, r#"["a","b"]"#)],
        Exactly(1),
        Each(Type::Text, |row| text(row.text(0).map(|text| text.to_lowercase()))),
    ),
    function(
        "ltrim(text [, characters])",
        "The text without these characters (by default spaces and tabs) at its start.",
        &[example(r#"ltrim(" ZZZZabcZZ ", " Z")"#, "abcZZ ")],
        Between(1, 2),
        Each(Type::Text, |row| trimmed(row, |text, characters| text.trim_start_matches(|c| characters.contains(c)))),
    ),
    function(
        "replace(text, regex, replacement)",
        "The text with everything that the regular expression matches replaced; `\\\\1` is the first group.",
        &[
            example(r#"replace("1/14/2017", "^(\d{1,2})/(\d{1,2})/", "\2/\1/")"#, "14/1/2017"),
            example(r#"replace("a.b.c", "\.", "_")"#, "a_b_c"),
            example(r#"replace("x", "(y)?x", "<\1>")"#, "<>"),
        ],
        Exactly(3),
        PlanRow(
            |call| call.row(RowCall { regex: call.literal_regex(1)?, ..RowCall::each(Type::Text) }),
            |row| {
                let (Some(value), Some(replacement)) = (row.text(0), row.text(2)) else { return Cell::Null };
                text(row.regex(1, |regex| {
                    let replaced = regex.replace(&value, usize::MAX, |groups| expand(&replacement, groups))?;
                    Ok(replaced.into_owned())
                }))
            },
        ),
    ),
    function(
        "rtrim(text [, characters])",
        "The text without these characters (by default spaces and tabs) at its end.",
        &[example(r#"rtrim(" ZZZZabcZZ ", " Z")"#, " ZZZZabc")],
        Between(1, 2),
        Each(Type::Text, |row| trimmed(row, |text, characters| text.trim_end_matches(|c| characters.contains(c)))),
    ),
    function(
        "spath(text, path)",
        "The values at a path of a JSON or XML text: `a.b`, `a{0}.b` for one element of an array (in XML `{1}` is the first), `a{}.b` for all, `a{@b}` for an attribute. Other texts have none.",
        &[
            example(r#"spath("{\"a\":{\"b\":[1,2]}}", "a.b{1}")"#, r#"["2"]"#),
            example(r#"spath("{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}]}", "a{}.b")"#, r#"["x","y"]"#),
            example(r#"spath("<a><b c=\"1\">x</b><b>y</b></a>", "a.b")"#, r#"["x","y"]"#),
            example(r#"spath("no json", "a")"#, "null"),
        ],
        Exactly(2),
        PlanRow(
            // Elements of XML may stand there several times, whatever the path says.
            |call| call.row(RowCall::new(Type::Multi)),
            |row| {
                let (Some(json), Some(path)) = (row.text(0), row.text(1)) else { return Cell::Null };
                if json.trim_start().starts_with('<') {
                    return Cell::texts(xml::select(json.trim_start(), &path));
                }
                let Ok(value) = serde_json::from_str::<serde_json::Value>(&json) else { return Cell::Null };
                Cell::texts(json_path::select(&value, &path).into_iter().filter_map(show))
            },
        ),
    ),
    function(
        "substr(text, start [, length])",
        "The part of the text from a character on, counted from 1, or from the end where negative; all the rest without a length.",
        &[
            example(r#"substr("splunk", 1, 3)"#, "spl"),
            example(r#"substr("splunk", -3)"#, "unk"),
            example(r#"substr("splunk", -3, 2)"#, "un"),
            example(r#"substr("splunk", 9)"#, ""),
        ],
        Between(2, 3),
        Each(Type::Text, |row| {
            let (Some(value), Some(start)) = (row.text(0), row.integer(1)) else { return Cell::Null };
            let length = if row.len() > 2 { row.integer(2) } else { Some(i64::MAX) };
            text(length.map(|length| part(&value, start, length)))
        }),
    ),
    function(
        "trim(text [, characters])",
        "The text without these characters (by default spaces and tabs) at both ends.",
        &[example(r#"trim("zz abc z", "z ")"#, "abc")],
        Between(1, 2),
        Each(Type::Text, |row| trimmed(row, |text, characters| text.trim_matches(|c| characters.contains(c)))),
    ),
    function(
        "upper(text)",
        "The text in upper case; of several values each.",
        &[example(r#"upper("Ab1")"#, "AB1"), example(r#"upper(split("A,b", ","))"#, r#"["A","B"]"#)],
        Exactly(1),
        Each(Type::Text, |row| text(row.text(0).map(|text| text.to_uppercase()))),
    ),
    function(
        "urldecode(text)",
        "The text with `%20` and its like resolved; `+` stays.",
        &[
            example(r#"urldecode("http%3A%2F%2Fexample.com%2Fa%20b%3Fq%3D1")"#, "http://example.com/a b?q=1"),
            example(r#"urldecode("100%")"#, "100%"),
        ],
        Exactly(1),
        Each(Type::Text, |row| text(row.text(0).map(|text| decode(&text)))),
    ),
];

/// The replacement with its `\1` filled in; a group that took no part is empty.
fn expand(replacement: &str, groups: &Groups<'_>) -> String {
    let mut out = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                rest.next();
                let group = digit.to_digit(10).and_then(|digit| groups.get(digit as usize));
                out.push_str(group.unwrap_or_default());
            }
            ('\\', Some('\\')) => {
                rest.next();
                out.push('\\');
            }
            _ => out.push(c),
        }
    }
    out
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

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hexadecimal = after.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match hexadecimal
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text without the characters of the second argument, by default spaces and tabs.
fn trimmed(row: &super::Row<'_>, trim: for<'t> fn(&'t str, &str) -> &'t str) -> Cell<'static> {
    let characters = if row.len() > 1 { row.text(1) } else { Some(" \t".into()) };
    text(row.text(0).zip(characters).map(|(text, characters)| trim(&text, &characters).to_owned()))
}
