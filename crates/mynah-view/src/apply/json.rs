//! Values that are JSON objects and arrays.
use mynah_event::{Path, Segment};
use serde_json::Value;
use std::borrow::Cow;

/// Elastic's pipelines turn some objects into texts with Java's `toString`: `{name=build, ids=[1, 2]}`.
pub(super) fn java_text(value: &str) -> Option<String> {
    let parsed = serde_json::from_str::<Value>(value).ok().filter(|parsed| parsed.is_object() || parsed.is_array())?;
    let mut text = String::with_capacity(value.len());
    write(&parsed, &mut text);
    Some(text)
}

// The parser refuses documents nested deeper than 128 levels, which bounds this.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::String(text) => out.push_str(text),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (key, member)) in members.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                out.push_str(key);
                out.push('=');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// An object or array without the white space between its tokens; any other text as it is.
pub(super) fn compact(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.starts_with(['{', '[']) {
        return value;
    }
    let mut out = String::new();
    let (mut kept, mut in_text, mut escaped) = (0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b' ' | b'\t' | b'\n' | b'\r' if !in_text => {
                out.push_str(value.get(kept..at).unwrap_or(""));
                kept = at + 1;
            }
            _ => {}
        }
    }
    if kept == 0 {
        return value;
    }
    out.push_str(value.get(kept..).unwrap_or(""));
    Cow::Owned(out)
}

/// Microsoft's audit records hold properties as `[{"Name": "ForwardTo", "Value": "…"}]`, Google's as
/// `[{"name": "NEW_VALUE", "value": "…"}]`, with the value as `intValue`, `boolValue` or `multiValue` if it is no text.
pub(super) fn named(value: &str, name: &str) -> Option<String> {
    let Ok(Value::Array(members)) = serde_json::from_str::<Value>(value) else { return None };
    let of = |member: &Value, key: &str| member.get(key).and_then(shown);
    // A later one of the same name takes the place of an earlier one.
    let any_of = |member: &Value, keys: &[&str]| keys.iter().find_map(|key| of(member, key));
    let named = members.iter().rev().find(|member| any_of(member, &["Name", "name"]).as_deref() == Some(name));
    named.and_then(|member| any_of(member, &["Value", "value", "intValue", "boolValue", "multiValue"]))
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The JSON of a text: all of it, or else the last object or array in it, since most logs put a time and the like before.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-json-formatted-logs/>
///
/// ```
/// use mynah_view::embedded_json;
/// let found = embedded_json(r#"INFO ["hostId"=stream] {"a":1} and {"foo":{"bar":"}"}} end"#);
/// assert_eq!(found, Some(serde_json::json!({"foo": {"bar": "}"}})));
/// assert_eq!(embedded_json("no [json] {here"), None);
/// ```
pub fn embedded(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let (mut at, mut tries, mut found) = (0, 0, None);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '['])).map(|offset| at + offset) {
        tries += 1;
        if tries > MOST_TRIES {
            break;
        }
        let mut values = serde_json::Deserializer::from_str(text.get(start..)?).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                at = start + values.byte_offset();
                // `[1]` and `[]` of a line's beginning are no message.
                if value.is_object() || found.is_none() {
                    found = Some(value);
                }
            }
            _ => at = start + 1,
        }
    }
    found
}

/// How many brackets of a text are tried as the beginning of JSON.
const MOST_TRIES: usize = 200;

/// The value at a path of the JSON in a text.
pub(super) fn in_text(text: &str, path: &Path) -> Option<String> {
    let document = message(text)?;
    let value = path.0.iter().try_fold(&document, |value, segment| match segment {
        Segment::Key(key) => value.get(&**key),
        Segment::Index(index) => value.get(index),
        Segment::Each => None,
    });
    value.and_then(shown)
}

/// The value of a name of `json auto` in a text: keys in any case, with underscores for spaces.
///
/// ```
/// let text = r#"2026 {"Users":[{"First Name":"a"},{"First Name":"b"}],"x":{"y.z":3}}"#;
/// assert_eq!(mynah_view::folded_json_value(text, "users[1].first_name").as_deref(), Some("b"));
/// assert_eq!(mynah_view::folded_json_value(text, "x.y.z").as_deref(), Some("3"));
/// assert_eq!(mynah_view::folded_json_value(text, "x.y"), None);
/// ```
pub fn folded(text: &str, name: &str) -> Option<String> {
    folded_in(&message(text)?, &name.to_lowercase())
}

/// What is written in brackets at all: most lines hold no JSON.
fn message(text: &str) -> Option<Value> {
    if text.contains(['{', '[']) { embedded(text) } else { None }
}

fn folded_in(value: &Value, wanted: &str) -> Option<String> {
    match value {
        _ if wanted.is_empty() => shown(value),
        Value::Object(members) => members.iter().find_map(|(key, inner)| {
            let key = key.to_lowercase().replace(' ', "_");
            let rest = wanted.strip_prefix(key.as_str())?;
            match rest.chars().next() {
                None => folded_in(inner, ""),
                Some('.') => folded_in(inner, rest.get(1..)?),
                Some('[') => folded_in(inner, rest),
                Some(_) => None,
            }
        }),
        Value::Array(values) => {
            let (index, rest) = wanted.strip_prefix('[')?.split_once(']')?;
            folded_in(values.get(index.parse::<usize>().ok()?)?, rest.strip_prefix('.').unwrap_or(rest))
        }
        _ => None,
    }
}
