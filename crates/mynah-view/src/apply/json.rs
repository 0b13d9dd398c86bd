//! Values that are JSON objects and arrays.
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
    let of = |member: &Value, key: &str| match member.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        None | Some(Value::Null) => None,
        Some(other) => Some(other.to_string()),
    };
    // A later one of the same name takes the place of an earlier one.
    let any_of = |member: &Value, keys: &[&str]| keys.iter().find_map(|key| of(member, key));
    let named = members.iter().rev().find(|member| any_of(member, &["Name", "name"]).as_deref() == Some(name));
    named.and_then(|member| any_of(member, &["Value", "value", "intValue", "boolValue", "multiValue"]))
}
