//! JSON as text.
use super::json_path;
use super::prelude::*;
use crate::expression::{ExpressionKind, parse_number};
use mynah_kernels::json::show;
use serde_json::{Map, Number as JsonNumber, Value, json};

family!(function, "JSONFunctions");

pub(super) static JSON: [Entry; 15] = [
    function(
        "json(value)",
        "The value where it is JSON, an object, an array or a scalar, else null.",
        &[
            example(r#"json("{\"a\": 1}")"#, r#"{"a":1}"#),
            example(r#"json("12")"#, "12"),
            example(r#"json("{a}")"#, "null"),
        ],
        Exactly(1),
        Row(Type::Text, |row| text(any(row).map(|value| value.to_string()))),
    ),
    function(
        "json_append(json, path, value, ...)",
        "The JSON with a value appended to the array at each path, another value there becoming the array's first; an array is appended as one element.",
        &[
            example(r#"json_append("{\"a\":[1]}", "a", 2)"#, r#"{"a":[1,2]}"#),
            example(r#"json_append("{\"a\":1}", "a", 2)"#, r#"{"a":[1,2]}"#),
            example(r#"json_append("{\"a\":[1]}", "a", json_array(2, 3))"#, r#"{"a":[1,[2,3]]}"#),
        ],
        AtLeast(3),
        PlanRow(changes, |row| {
            changed(row, |value, path, new| {
                json_path::change(value, path, |at| append(at, std::slice::from_ref(&new)));
            })
        }),
    ),
    function(
        "json_array(value, ...)",
        "A JSON array of these values.",
        &[example(r#"json_array("a", 1, 1=1)"#, r#"["a",1,true]"#), example("json_array()", "[]")],
        AtLeast(0),
        PlanRow(
            |call| if call.arguments.is_empty() { Ok(Typed::text("[]")) } else { quoting(call) },
            |row| array((0..row.len()).map(|index| argument(row, index))),
        ),
    ),
    function(
        "json_array_to_mv(json [, keep_quotes])",
        "The elements of a JSON array as several values; texts keep their quotes where the second argument is true.",
        &[
            example(r#"json_array_to_mv("[\"a\",1,{\"b\":2}]")"#, r#"["a","1","{\"b\":2}"]"#),
            example(r#"mvjoin(json_array_to_mv("[\"a\"]", true()), ",")"#, r#""a""#),
        ],
        Between(1, 2),
        Row(Type::Multi, |row| {
            let keep = matches!(row.cell(1), Cell::Boolean(true));
            match parsed(row) {
                Some(Value::Array(values)) => Cell::texts(values.iter().map(|value| match value {
                    Value::String(text) if !keep => text.clone(),
                    other => other.to_string(),
                })),
                _ => Cell::Null,
            }
        }),
    ),
    function(
        "json_delete(json, key, ...)",
        "The JSON object without these members, named one by one or by an array; a path leads to one further inside.",
        &[
            example(r#"json_delete("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}", "a", "b.c")"#, r#"{"b":{"d":3}}"#),
            example(r#"json_delete("{\"a\":1,\"b\":2,\"c\":3}", json_array("a", "b"))"#, r#"{"c":3}"#),
        ],
        AtLeast(2),
        Row(Type::Text, |row| {
            let Some(mut value) = parsed(row) else { return Cell::Null };
            for path in (1..row.len()).flat_map(|index| row.values(index)) {
                match parse(&path) {
                    Some(Value::Array(paths)) => {
                        paths.iter().filter_map(Value::as_str).for_each(|path| json_path::delete(&mut value, path));
                    }
                    _ => json_path::delete(&mut value, &path),
                }
            }
            Cell::text(value.to_string())
        }),
    ),
    function(
        "json_entries(json)",
        "The members of a JSON object, as a JSON array of objects with `key` and `value`.",
        &[example(r#"json_entries("{\"a\":1}")"#, r#"[{"key":"a","value":1}]"#)],
        Exactly(1),
        Row(Type::Text, |row| match parsed(row) {
            Some(Value::Object(object)) => array(object.iter().map(|(key, value)| json!({"key": key, "value": value}))),
            _ => Cell::Null,
        }),
    ),
    function(
        "json_extend(json, path, value, ...)",
        "The JSON with the elements of an array appended to the array at each path, another value there becoming the array's first.",
        &[
            example(r#"json_extend("{\"a\":[1]}", "a", json_array(2, 3))"#, r#"{"a":[1,2,3]}"#),
            example(r#"json_extend("{\"a\":1}", "a", json_array(2, 3))"#, r#"{"a":[1,2,3]}"#),
        ],
        AtLeast(3),
        PlanRow(changes, |row| {
            changed(row, |value, path, new| {
                json_path::change(value, path, |at| match &new {
                    Value::Array(elements) => append(at, elements),
                    other => append(at, std::slice::from_ref(other)),
                });
            })
        }),
    ),
    function(
        "json_extract(json [, path, ...])",
        "The value at a path, texts without quotes; with several paths a JSON array of their values. `{}` stands for all elements of an array, `{0}` for one.",
        &[
            example(r#"json_extract("{\"a\":{\"b\":\"x\"}}", "a.b")"#, "x"),
            example(r#"json_extract("{\"a\":[1,2]}", "a{}")"#, "[1,2]"),
            example(r#"json_extract("{\"a\":1,\"b\":2}", "a", "b")"#, "[1,2]"),
            example(r#"json_extract("{\"a\":1}", "c")"#, "null"),
            example(r#"json_extract("{\"a\":1}", "{}")"#, r#"{"a":1}"#),
        ],
        AtLeast(1),
        Row(Type::Text, |row| {
            extracted(row, |value, path| match path {
                // The elements of what is no array are the whole.
                "{}" if !value.is_array() => Some(value.clone()),
                path => json_path::one(value, path),
            })
        }),
    ),
    function(
        "json_extract_exact(json, key, ...)",
        "The value of a member by its exact key, dots and all; with several keys a JSON array of their values.",
        &[
            example(r#"json_extract_exact("{\"a.b\":\"x\"}", "a.b")"#, "x"),
            example(r#"json_extract_exact("{\"a\":{\"b\":1}}", "a.b")"#, "null"),
        ],
        AtLeast(1),
        Row(Type::Text, |row| extracted(row, |value, path| value.get(path).cloned())),
    ),
    function(
        "json_has_key_exact(json, key)",
        "Whether a JSON object has a member of exactly this key.",
        &[
            example(r#"json_has_key_exact("{\"a.b\":null}", "a.b")"#, "true"),
            example(r#"json_has_key_exact("{\"a\":1}", "b")"#, "false"),
        ],
        Exactly(2),
        Row(Type::Boolean, |row| match (parsed(row), row.text(1)) {
            (Some(value), Some(key)) => Cell::Boolean(value.get(key.as_ref()).is_some()),
            _ => Cell::Null,
        }),
    ),
    function(
        "json_keys(json)",
        "The keys of a JSON object, as a JSON array.",
        &[example(r#"json_keys("{\"b\":1,\"a\":2}")"#, r#"["b","a"]"#), example(r#"json_keys("[1]")"#, "null")],
        Exactly(1),
        Row(Type::Text, |row| match parsed(row) {
            Some(Value::Object(object)) => array(object.keys().cloned()),
            _ => Cell::Null,
        }),
    ),
    function(
        "json_object(key, value, ...)",
        "A JSON object of these members.",
        &[
            example(r#"json_object("a", 1, "b", "x", "c", json_array(1, 2))"#, r#"{"a":1,"b":"x","c":[1,2]}"#),
            example("json_object()", "{}"),
        ],
        AtLeast(0),
        PlanRow(
            |call| match call.arguments.len() {
                0 => Ok(Typed::text("{}")),
                count if count % 2 == 1 => {
                    Err(call.error(count - 1, "`json_object` takes pairs of a key and a value; this key has no value"))
                }
                _ => quoting(call),
            },
            |row| {
                let keys = (0..row.len()).step_by(2).filter_map(|index| Some((index, row.text(index)?)));
                let members = keys.map(|(index, key)| (key.into_owned(), argument(row, index + 1)));
                Cell::text(Value::Object(members.collect::<Map<_, _>>()).to_string())
            },
        ),
    ),
    function(
        "json_set(json, path, value, ...)",
        "The JSON with the values put at these paths; missing members on the way are made, and `{}` is every element of an array.",
        &[
            example(r#"json_set("{\"a\":1}", "b.c", "x", "a", 2)"#, r#"{"a":2,"b":{"c":"x"}}"#),
            example(r#"json_set("{\"a\":[{\"b\":1},{}]}", "a{}.c", 2)"#, r#"{"a":[{"b":1,"c":2},{"c":2}]}"#),
        ],
        AtLeast(3),
        PlanRow(changes, |row| changed(row, json_path::set)),
    ),
    function(
        "json_set_exact(json, key, value, ...)",
        "The JSON object with members of exactly these keys set to the values.",
        &[example(r#"json_set_exact("{}", "a.b", 1)"#, r#"{"a.b":1}"#)],
        AtLeast(3),
        PlanRow(changes, |row| {
            changed(row, |value, key, new| {
                if let Value::Object(object) = value {
                    object.insert(key.to_owned(), new);
                }
            })
        }),
    ),
    function(
        "json_valid(value)",
        "Whether the value is JSON.",
        &[
            example(r#"json_valid("{\"a\":1}")"#, "true"),
            example(r#"json_valid("12")"#, "true"),
            example(r#"json_valid("{a}")"#, "false"),
        ],
        Exactly(1),
        Row(Type::Boolean, |row| row.text(0).map(|_| Cell::Boolean(any(row).is_some())).into()),
    ),
];

/// A text as JSON: any JSON value but a bare number, word or text, which a field may happen to look like.
fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value: &Value| value.is_object() || value.is_array())
}

/// The first argument as JSON.
pub(super) fn parsed(row: &super::Row<'_>) -> Option<Value> {
    parse(&row.text(0)?)
}

/// The same for any value of JSON, scalars too.
fn any(row: &super::Row<'_>) -> Option<Value> {
    serde_json::from_str(&row.text(0)?).ok()
}

/// Appends values to the array at a place: what stands there and is none becomes its first element.
fn append(at: &mut Value, values: &[Value]) {
    let mut array = match at.take() {
        Value::Array(array) => array,
        other => vec![other],
    };
    array.extend_from_slice(values);
    *at = Value::Array(array);
}

/// A JSON array as text.
pub(super) fn array<V: Into<Value>>(values: impl Iterator<Item = V>) -> Cell<'static> {
    Cell::text(Value::from_iter(values).to_string())
}

/// The JSON value that a text is; what is none becomes null.
pub(super) fn inferred(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or(Value::Null)
}

/// The same with numbers as short as they can be: `1.00` is 1.
pub(super) fn shortest(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(shortest).collect(),
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), of_number),
        other => other,
    }
}

/// The values that the other arguments lead to; the whole where there are none.
fn extracted(row: &super::Row<'_>, at: fn(&Value, &str) -> Option<Value>) -> Cell<'static> {
    // Alone, a scalar of JSON is what it says.
    let Some(value) = (if row.len() == 1 { any(row) } else { parsed(row) }) else { return Cell::Null };
    let at = |index| row.text(index).and_then(|path| at(&value, &path));
    match row.len() {
        1 => text(show(&value)),
        2 => text(at(1).as_ref().and_then(show)),
        count => array((1..count).map(|index| at(index).unwrap_or(Value::Null))),
    }
}

/// A function of JSON and pairs of a path and a value.
fn changes(call: &Call<'_>) -> Lowered {
    if call.arguments.len().is_multiple_of(2) {
        let message = format!("`{}` takes pairs of a path and a value behind the JSON", call.name);
        return Err(call.error(call.arguments.len() - 1, message));
    }
    quoting(call)
}

/// A function for which texts in quotes stay texts in JSON, whatever they look like.
fn quoting(call: &Call<'_>) -> Lowered {
    let quoted = call.arguments.iter().map(|argument| matches!(argument.kind, ExpressionKind::Text(_))).collect();
    call.row(RowCall { quoted, ..RowCall::new(Type::Text) })
}

/// The JSON with a change for each pair.
fn changed(row: &super::Row<'_>, change: fn(&mut Value, &str, Value)) -> Cell<'static> {
    let Some(mut value) = parsed(row) else { return Cell::Null };
    for index in (1..row.len()).step_by(2) {
        if let Some(path) = row.text(index) {
            change(&mut value, &path, argument(row, index + 1));
        }
    }
    Cell::text(value.to_string())
}

fn argument(row: &super::Row<'_>, index: usize) -> Value {
    of(row.cell(index), row.is_quoted(index))
}

/// A value in JSON: numbers and truth values as such, objects and arrays as such, the rest as text.
fn of(cell: &Cell<'_>, written_as_text: bool) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Boolean(truth) => Value::Bool(*truth),
        Cell::Integer(number) => Value::from(*number),
        Cell::Float(number) => of_number(*number),
        Cell::Text(text) if written_as_text => Value::String(text.to_string()),
        Cell::Text(text) => match (parse(text), text.parse::<i64>(), parse_number(text)) {
            (Some(value), ..) => value,
            // With all its digits, more than a double has.
            (None, Ok(whole), _) => Value::from(whole),
            (None, Err(_), Some(number)) if number.is_finite() => of_number(number),
            _ => Value::String(text.to_string()),
        },
        Cell::List(cells) => match cells.as_slice() {
            [one] => of(one, written_as_text),
            cells => Value::Array(cells.iter().map(|cell| of(cell, written_as_text)).collect()),
        },
    }
}

fn of_number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Value::from(number as i64);
    }
    JsonNumber::from_f64(number).map_or(Value::Null, Value::Number)
}
