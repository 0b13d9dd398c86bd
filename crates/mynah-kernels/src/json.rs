//! Values of a JSON text, for functions that look into one (`spath`, `json`).
use serde_json::Value;

/// A value as a field shows it: texts without quotes, numbers and truth values as written, objects and
/// arrays as compact JSON; `None` for null.
///
/// ```
/// use serde_json::json;
/// assert_eq!(mynah_kernels::json::show(&json!("a")).as_deref(), Some("a"));
/// assert_eq!(mynah_kernels::json::show(&json!({"a": [1]})).as_deref(), Some(r#"{"a":[1]}"#));
/// assert_eq!(mynah_kernels::json::show(&json!(null)), None);
/// ```
pub fn show(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
