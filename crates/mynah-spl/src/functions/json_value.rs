//! Values on their way into JSON and out of it.

use super::call::Call;
use crate::expression::{ExpressionKind, parse_number};
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;
use serde_json::{Number, Value};

/// A text as JSON: any JSON value but a bare number, word or text, which a field may happen to look like.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value: &Value| value.is_object() || value.is_array())
}

/// Which arguments the query has as texts in quotes: those stay texts in JSON, whatever they look like.
pub(super) fn written_as_text(call: &Call<'_>) -> Result<Vec<bool>, Diagnostic> {
    Ok(call.arguments.iter().map(|argument| matches!(argument.kind, ExpressionKind::Text(_))).collect())
}

/// A value in JSON: numbers and truth values as such, objects and arrays as such, the rest as text.
pub(super) fn of(cell: &Cell<'_>, written_as_text: bool) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Boolean(truth) => Value::Bool(*truth),
        Cell::Integer(number) => Value::from(*number),
        Cell::Float(number) => of_number(*number),
        Cell::Text(text) if written_as_text => Value::String(text.to_string()),
        Cell::Text(text) => match (parse(text), parse_number(text)) {
            (Some(value), _) => value,
            (None, Some(number)) => of_number(number),
            (None, None) => Value::String(text.to_string()),
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
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
