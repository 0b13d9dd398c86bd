//! Values of a JSON text, for functions that look into one (`spath`, `json`). Each language writes paths in its own way, as steps.
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A step of a path into a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A member of an object.
    Key(String),
    /// An element of an array, the first of which is 0.
    Index(usize),
    /// All elements of an array.
    Elements,
    /// All elements of an array, or members of an object.
    Children,
    /// The value, and all that is below it, in their order.
    Descend,
}

/// The values at the end of a path; none where it leads nowhere.
///
/// ```
/// use mynah_kernels::json::{Step, follow};
/// let value = serde_json::json!({"a": [{"b": 1}, {"b": 2}]});
/// let found = follow(&value, &[Step::Key("a".into()), Step::Elements, Step::Key("b".into())]);
/// assert_eq!(found, [&serde_json::json!(1), &serde_json::json!(2)]);
/// ```
pub fn follow<'v>(value: &'v Value, path: &[Step]) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in path {
        let mut next = Vec::new();
        for value in found {
            match (step, value) {
                (Step::Key(key), value) => next.extend(value.get(key)),
                (Step::Index(index), value) => next.extend(value.get(index)),
                (Step::Elements | Step::Children, Value::Array(elements)) => next.extend(elements),
                (Step::Children, Value::Object(members)) => next.extend(members.values()),
                (Step::Elements | Step::Children, _) => {}
                (Step::Descend, value) => descend(value, &mut next),
            }
        }
        found = next;
    }
    found
}

fn descend<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        found.push(value);
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(members) => open.extend(members.values().rev()),
            _ => {}
        }
    }
}

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
