//! Splunk's paths into JSON: `a.b`, `a{0}.b` for one element of an array, `a{}.b` for all of them.
use mynah_kernels::json::{Step, follow};
use serde_json::{Map, Value};

fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, mut rest) = part.split_at(part.find('{').unwrap_or(part.len()));
        if !key.is_empty() {
            steps.push(Step::Key(key.to_owned()));
        }
        while let Some((index, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            steps.push(index.parse().map_or(Step::Elements, Step::Index));
            rest = after;
        }
    }
    steps
}

/// All values at a path.
pub(crate) fn select<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    follow(value, &steps(path))
}

/// The value at a path; of a path through all elements of an array, the array of their values.
pub(super) fn one(value: &Value, path: &str) -> Option<Value> {
    let found = select(value, path);
    if steps(path).contains(&Step::Elements) {
        return (!found.is_empty()).then(|| Value::Array(found.into_iter().cloned().collect()));
    }
    found.first().map(|value| (*value).clone())
}

/// Changes the values at a path, all of them where it goes through all elements of an array.
pub(super) fn change(value: &mut Value, path: &str, mut by: impl FnMut(&mut Value)) {
    at_each(value, &steps(path), false, &mut by);
}

/// Puts a value at a path; members that are missing on the way are made.
pub(super) fn set(value: &mut Value, path: &str, new: Value) {
    at_each(value, &steps(path), true, &mut |at| *at = new.clone());
}

/// Goes to each value at the end of a path.
fn at_each(value: &mut Value, path: &[Step], make: bool, by: &mut dyn FnMut(&mut Value)) {
    let is_each = |step: &Step| matches!(step, Step::Elements);
    let Some((way, rest)) = path.iter().position(is_each).and_then(|at| Some((path.get(..at)?, path.get(at + 1..)?)))
    else {
        if let Some(at) = walk(value, path, make) {
            by(at);
        }
        return;
    };
    if let Some(Value::Array(elements)) = walk(value, way, false) {
        elements.iter_mut().for_each(|element| at_each(element, rest, make, by));
    }
}

/// The value at the end of a path, whose missing members are made if that is wanted.
fn walk<'v>(value: &'v mut Value, path: &[Step], make: bool) -> Option<&'v mut Value> {
    let mut at = value;
    for step in path {
        if make && at.is_null() && matches!(step, Step::Key(_)) {
            *at = Value::Object(Map::new());
        }
        at = match step {
            Step::Key(key) if make => at.as_object_mut()?.entry(key).or_insert(Value::Null),
            Step::Key(key) => at.get_mut(key)?,
            Step::Index(index) => at.get_mut(index)?,
            Step::Elements | Step::Children | Step::Descend => at.get_mut(0)?,
        };
    }
    Some(at)
}

/// Takes away the member at the end of a path.
pub(super) fn delete(value: &mut Value, path: &str) {
    let steps = steps(path);
    let Some((last, way)) = steps.split_last() else { return };
    match (last, walk(value, way, false)) {
        // In the order the members have.
        (Step::Key(key), Some(Value::Object(object))) => {
            object.shift_remove(key);
        }
        (Step::Index(index), Some(Value::Array(array))) if *index < array.len() => {
            array.remove(*index);
        }
        _ => {}
    }
}
