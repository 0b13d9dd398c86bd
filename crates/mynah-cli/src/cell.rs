//! One value of a result, as JSON or as text.
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use mynah_dialect::NumberStyle;
use std::fmt::Write;

/// Appends the value as JSON.
pub(crate) fn json(array: &dyn Array, row: usize, numbers: NumberStyle, out: &mut String) {
    if array.is_null(row) {
        out.push_str("null");
        return;
    }
    match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            out.push('[');
            for element in 0..list.len() {
                if element > 0 {
                    out.push(',');
                }
                json(list.as_ref(), element, numbers, out);
            }
            out.push(']');
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let mut value = String::new();
            text(array, row, numbers, &mut value);
            string(&value, out);
        }
        DataType::Float64 if !array.as_primitive::<Float64Type>().value(row).is_finite() => out.push_str("null"),
        _ => text(array, row, numbers, out),
    }
}

/// Appends the text as a JSON string.
pub(crate) fn string(value: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(value).to_string());
}

/// Appends the value as text; several values one a line; nothing for null.
pub(crate) fn text(array: &dyn Array, row: usize, numbers: NumberStyle, out: &mut String) {
    if array.is_null(row) {
        return;
    }
    let _ = match array.data_type() {
        DataType::Utf8 => out.write_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.write_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => out.write_str(array.as_string_view().value(row)),
        DataType::Int64 => write!(out, "{}", array.as_primitive::<Int64Type>().value(row)),
        DataType::UInt64 => write!(out, "{}", array.as_primitive::<UInt64Type>().value(row)),
        DataType::Boolean => write!(out, "{}", array.as_boolean().value(row)),
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row), numbers, out),
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            for element in 0..list.len() {
                if element > 0 {
                    out.push('\n');
                }
                text(list.as_ref(), element, numbers, out);
            }
            Ok(())
        }
        _ => match datafusion::arrow::util::display::array_value_to_string(array, row) {
            Ok(value) => out.write_str(&value),
            Err(_) => Ok(()),
        },
    };
}

fn float(value: f64, numbers: NumberStyle, out: &mut String) -> std::fmt::Result {
    match numbers {
        // `{}` of a whole f64 is without a fraction, `{:?}` with one.
        NumberStyle::Plain => write!(out, "{value}"),
        NumberStyle::Decimal => write!(out, "{value:?}"),
    }
}
