use super::pcre;
use super::prelude::*;
use regex::{Captures, Regex};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "replace",
        usage: "replace(text, regex, replacement)",
        summary: "The text with everything that the regular expression matches replaced; `\\\\1` is the first group.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"replace("1/14/2017", "^(\d{1,2})/(\d{1,2})/", "\2/\1/")"#, result: "14/1/2017" },
            Example { query: r#"replace("a.b.c", "\.", "_")"#, result: "a_b_c" },
            Example { query: r#"replace("x", "(y)?x", "<\1>")"#, result: "<>" },
        ],
    },
    aliases: &[],
    arguments: (3, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if let Some(pattern) = call.literal_text(1)? {
        let regex = pcre::compile(&pattern).map_err(|error| call.error(1, error.to_string()))?;
        return call.each(&pattern, Type::Text, move |row| match (row.text(0), row.text(2)) {
            (Some(value), Some(replacement)) => Cell::text(replace(&regex, &value, &replacement)),
            _ => Cell::Null,
        });
    }
    let cache = pcre::Cache::default();
    call.each("", Type::Text, move |row| {
        match (row.text(0), row.text(1).and_then(|pattern| cache.get(&pattern)), row.text(2)) {
            (Some(value), Some(regex), Some(replacement)) => Cell::text(replace(&regex, &value, &replacement)),
            _ => Cell::Null,
        }
    })
}

fn replace(regex: &Regex, value: &str, replacement: &str) -> String {
    regex.replace_all(value, |groups: &Captures<'_>| expand(replacement, groups)).into_owned()
}

/// The replacement with its `\1` filled in; a group that took no part is empty.
fn expand(replacement: &str, groups: &Captures<'_>) -> String {
    let mut out = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                rest.next();
                let group = digit.to_digit(10).and_then(|digit| groups.get(digit as usize));
                out.push_str(group.map_or("", |group| group.as_str()));
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
