//! Values of results, as JSON or as text.
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
pub use mynah_dialect::NumberStyle;
use mynah_syntax::neutral;
use std::fmt::Write;

/// How a platform writes values.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// How it writes floating-point numbers.
    pub numbers: NumberStyle,
    /// Whether a multi-value field with one value is written as that value, as in Splunk, and not as a list.
    pub lone_values: bool,
}

/// Appends the value as JSON.
pub fn json(array: &dyn Array, row: usize, style: Style, out: &mut Vec<u8>) {
    if array.is_null(row) {
        out.extend_from_slice(b"null");
        return;
    }
    match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            if style.lone_values && list.len() == 1 {
                json(list.as_ref(), 0, style, out);
                return;
            }
            out.push(b'[');
            for element in 0..list.len() {
                if element > 0 {
                    out.push(b',');
                }
                json(list.as_ref(), element, style, out);
            }
            out.push(b']');
        }
        DataType::Utf8 => string(array.as_string::<i32>().value(row), out),
        DataType::LargeUtf8 => string(array.as_string::<i64>().value(row), out),
        DataType::Utf8View => string(array.as_string_view().value(row), out),
        DataType::Float64 if !array.as_primitive::<Float64Type>().value(row).is_finite() => {
            out.extend_from_slice(b"null");
        }
        _ => {
            let mut value = String::new();
            text(array, row, style, &mut value);
            out.extend_from_slice(value.as_bytes());
        }
    }
}

/// Appends the text as a JSON string.
fn string(value: &str, out: &mut Vec<u8>) {
    let start = out.len();
    // Neither a text nor a vector can fail.
    let _ = serde_json::to_writer(&mut *out, value);
    if !value.is_ascii() || value.contains('\u{7f}') {
        let written = String::from_utf8(out.split_off(start)).unwrap_or_default();
        out.extend_from_slice(neutral::json(&written).as_bytes());
    }
}

/// Appends the value as text: several values one a line, nothing for null.
pub fn text(array: &dyn Array, row: usize, style: Style, out: &mut String) {
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
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row), style.numbers, out),
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            for element in 0..list.len() {
                if element > 0 {
                    out.push('\n');
                }
                text(list.as_ref(), element, style, out);
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

/// The rows of a batch as JSON objects; their keys are the columns in order.
pub struct Objects<'b> {
    batch: &'b RecordBatch,
    /// Each column's name as JSON, with the punctuation around it.
    keys: Vec<Vec<u8>>,
    style: Style,
}

impl<'b> Objects<'b> {
    /// The objects of this batch.
    pub fn new(batch: &'b RecordBatch, style: Style) -> Self {
        let key = |(index, name): (usize, &str)| {
            let mut key = vec![if index == 0 { b'{' } else { b',' }];
            string(name, &mut key);
            key.push(b':');
            key
        };
        let names = batch.schema_ref().fields().iter().map(|field| field.name().as_str());
        Objects { batch, keys: names.enumerate().map(key).collect(), style }
    }

    /// Appends the object of a row.
    pub fn write(&self, row: usize, out: &mut Vec<u8>) {
        if self.keys.is_empty() {
            out.push(b'{');
        }
        for (key, column) in self.keys.iter().zip(self.batch.columns()) {
            out.extend_from_slice(key);
            json(column.as_ref(), row, self.style, out);
        }
        out.push(b'}');
    }
}
