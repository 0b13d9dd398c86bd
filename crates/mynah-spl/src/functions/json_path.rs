//! Splunk's paths into JSON: `a.b`, `a{0}.b` for one element of an array, `a{}.b` for all of them.

use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
    Each,
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, mut rest) = match part.find('{') {
            Some(at) => part.split_at(at),
            None => (part, ""),
        };
        if !key.is_empty() {
            steps.push(Step::Key(key));
        }
        while let Some((index, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            steps.push(match index.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Each,
            });
            rest = after;
        }
    }
    steps
}

/// All values at a path.
pub(crate) fn select<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in steps(path) {
        found = found
            .into_iter()
            .flat_map(|value| match step {
                Step::Key(key) => value.get(key).into_iter().collect::<Vec<_>>(),
                Step::Index(index) => value.get(index).into_iter().collect(),
                Step::Each => value.as_array().map(|array| array.iter().collect()).unwrap_or_default(),
            })
            .collect();
    }
    found
}

/// The value at a path; of a path through all elements of an array, the array of their values.
pub(super) fn one(value: &Value, path: &str) -> Option<Value> {
    let found = select(value, path);
    if steps(path).contains(&Step::Each) {
        return (!found.is_empty()).then(|| Value::Array(found.into_iter().cloned().collect()));
    }
    found.first().map(|value| (*value).clone())
}

/// The value at a path, to be changed; the first where there are several.
pub(super) fn get_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    let mut at = value;
    for step in steps(path) {
        at = match step {
            Step::Key(key) => at.get_mut(key)?,
            Step::Index(index) => at.get_mut(index)?,
            Step::Each => at.get_mut(0)?,
        };
    }
    Some(at)
}

/// Puts a value at a path; members that are missing on the way are made.
pub(super) fn set(value: &mut Value, path: &str, new: Value) {
    let mut at = value;
    for step in steps(path) {
        at = match step {
            Step::Key(key) => {
                if at.is_null() {
                    *at = Value::Object(Map::new());
                }
                match at.as_object_mut() {
                    Some(object) => object.entry(key).or_insert(Value::Null),
                    None => return,
                }
            }
            Step::Index(index) => match at.get_mut(index) {
                Some(element) => element,
                None => return,
            },
            Step::Each => match at.get_mut(0) {
                Some(element) => element,
                None => return,
            },
        };
    }
    *at = new;
}

/// Takes away the member at the end of a path.
pub(super) fn delete(value: &mut Value, path: &str) {
    let steps = steps(path);
    let Some((last, way)) = steps.split_last() else { return };
    let mut at = value;
    for step in way {
        let next = match step {
            Step::Key(key) => at.get_mut(key),
            Step::Index(index) => at.get_mut(*index),
            Step::Each => at.get_mut(0),
        };
        match next {
            Some(next) => at = next,
            None => return,
        }
    }
    match (last, at) {
        // In the order the members have.
        (Step::Key(key), Value::Object(object)) => {
            object.shift_remove(*key);
        }
        (Step::Index(index), Value::Array(array)) if *index < array.len() => {
            array.remove(*index);
        }
        _ => {}
    }
}
