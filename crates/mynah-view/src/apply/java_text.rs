use serde_json::Value;
use std::borrow::Cow;

/// Elastic's pipelines turn some objects into texts with Java's `toString`: `{name=build, ids=[1, 2]}`.
pub(super) fn java_text(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match serde_json::from_str::<Value>(&value) {
        Ok(parsed @ (Value::Object(_) | Value::Array(_))) => {
            let mut text = String::with_capacity(value.len());
            write(&parsed, &mut text);
            Some(Cow::Owned(text))
        }
        _ => Some(value),
    }
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
