//! The passages between SPL's types.

use super::Type;
use crate::functions::Internal;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use mynah_kernels::Cell;
use std::borrow::Cow;
use std::sync::Arc;

impl Type {
    /// The Arrow type of a column of this type.
    pub fn data_type(self) -> DataType {
        match self {
            Type::Text => DataType::Utf8,
            Type::Number => DataType::Float64,
            Type::Boolean => DataType::Boolean,
            Type::Multi => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            Type::Null => DataType::Null,
        }
    }
}

/// No value of a type.
pub(crate) fn null_of(ty: Type) -> Expr {
    let value = ScalarValue::try_new_null(&ty.data_type()).unwrap_or(ScalarValue::Null);
    Expr::Literal(value, None)
}

/// A number as Splunk writes it: whole numbers without a fraction.
///
/// ```
/// use mynah_spl::expression::number_text;
/// assert_eq!(number_text(3.0), "3");
/// assert_eq!(number_text(0.1), "0.1");
/// assert_eq!(number_text(-0.0), "0");
/// assert_eq!(number_text(f64::INFINITY), "inf");
/// ```
pub fn number_text(number: f64) -> String {
    if number.is_nan() {
        "nan".to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// The number a text is, where all of it is a decimal number.
///
/// ```
/// use mynah_spl::expression::parse_number;
/// assert_eq!(parse_number("-1.5e3"), Some(-1500.0));
/// assert_eq!(parse_number("10.0.0.1"), None);
/// assert_eq!(parse_number("nan"), None);
/// ```
pub fn parse_number(text: &str) -> Option<f64> {
    // Quick, and it keeps out what Rust reads as a number besides: `inf`, `nan`, `infinity`.
    if !matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'-' | b'+' | b'.'))
        || !text.bytes().any(|b| b.is_ascii_digit())
    {
        return None;
    }
    text.parse().ok()
}

/// A cell as text; several values one to a line.
pub(crate) fn cell_text<'a>(cell: &'a Cell<'a>) -> Option<Cow<'a, str>> {
    match cell {
        Cell::Null => None,
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Float(number) => Some(Cow::Owned(number_text(*number))),
        Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
        Cell::Boolean(truth) => Some(Cow::Borrowed(if *truth { "True" } else { "False" })),
        Cell::List(cells) => match cells.as_slice() {
            [] => None,
            [one] => cell_text(one),
            cells => {
                let texts: Vec<Cow<'_, str>> = cells.iter().filter_map(cell_text).collect();
                Some(Cow::Owned(texts.join("\n")))
            }
        },
    }
}

/// A cell as a number; of several values there is none.
pub(crate) fn cell_number(cell: &Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Float(number) => Some(*number),
        Cell::Integer(number) => Some(*number as f64),
        Cell::Text(text) => parse_number(text),
        Cell::List(cells) => match cells.as_slice() {
            [one] => cell_number(one),
            _ => None,
        },
        Cell::Null | Cell::Boolean(_) => None,
    }
}

/// A cell's values, none to many.
pub(crate) fn cell_values<'a>(cell: &'a Cell<'a>) -> Vec<Cow<'a, str>> {
    match cell {
        Cell::List(cells) => cells.iter().filter_map(cell_text).collect(),
        cell => cell_text(cell).into_iter().collect(),
    }
}

/// A computed number's text.
pub(crate) static NUMBER_TO_TEXT: Internal = Internal {
    name: "number to text",
    returns: Type::Text,
    code: |row| row.cell(0).as_float().map(|number| Cell::text(number_text(number))).into(),
};

/// The number that a text is.
pub(crate) static TEXT_TO_NUMBER: Internal = Internal {
    name: "text to number",
    returns: Type::Number,
    code: |row| row.cell(0).as_text().and_then(parse_number).map(Cell::Float).into(),
};

/// The number that a single value is.
pub(crate) static VALUE_TO_NUMBER: Internal =
    Internal { name: "value to number", returns: Type::Number, code: |row| row.number(0).map(Cell::Float).into() };

/// Several values, one to a line.
pub(crate) static VALUES_TO_TEXT: Internal = Internal {
    name: "values to text",
    returns: Type::Text,
    code: |row| row.text(0).map(|text| Cell::text(text.into_owned())).into(),
};

/// A text as a list of one.
pub(crate) static TEXT_TO_VALUES: Internal = Internal {
    name: "text to values",
    returns: Type::Multi,
    code: |row| row.cell(0).as_text().map(|text| Cell::List(vec![Cell::text(text)])).into(),
};
