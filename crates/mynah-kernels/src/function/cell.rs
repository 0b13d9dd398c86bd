use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder, UInt64Builder,
};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use datafusion::common::{Result, exec_err, plan_err};
use std::borrow::Cow;
use std::sync::Arc;

/// One value of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// Arrow's `Boolean`.
    Boolean(bool),
    /// `Int64` (and `UInt64`, cut at its end).
    Integer(i64),
    /// `Float64`.
    Float(f64),
    /// `Utf8`.
    Text(Cow<'a, str>),
    /// `List<Utf8>`, the elements without nulls; or a list of another kind.
    List(Vec<Cell<'a>>),
}

impl<'a> Cell<'a> {
    /// An owned text.
    pub fn text(text: impl Into<String>) -> Cell<'static> {
        Cell::Text(Cow::Owned(text.into()))
    }

    /// A list of owned texts.
    pub fn texts(texts: impl IntoIterator<Item = String>) -> Cell<'static> {
        Cell::List(texts.into_iter().map(Cell::text).collect())
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Cell::Float(number) => Some(*number),
            Cell::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Cell::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Cell::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }

    /// The same value, which borrows from nothing.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Null => Cell::Null,
            Cell::Boolean(truth) => Cell::Boolean(truth),
            Cell::Integer(number) => Cell::Integer(number),
            Cell::Float(number) => Cell::Float(number),
            Cell::Text(text) => Cell::text(text),
            Cell::List(cells) => Cell::List(cells.into_iter().map(Cell::into_owned).collect()),
        }
    }
}

impl<'a> From<Option<Cell<'a>>> for Cell<'a> {
    fn from(cell: Option<Cell<'a>>) -> Self {
        cell.unwrap_or(Cell::Null)
    }
}

/// The value of a column in one row, for functions and aggregates that look at single values.
///
/// # Errors
/// Where the column is of a type that no function takes.
pub fn cell(array: &dyn Array, index: usize) -> Result<Cell<'_>> {
    if array.is_null(index) {
        return Ok(Cell::Null);
    }
    Ok(match array.data_type() {
        DataType::Null => Cell::Null,
        DataType::Utf8 => Cell::Text(Cow::Borrowed(array.as_string::<i32>().value(index))),
        DataType::LargeUtf8 => Cell::Text(Cow::Borrowed(array.as_string::<i64>().value(index))),
        DataType::Utf8View => Cell::Text(Cow::Borrowed(array.as_string_view().value(index))),
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(index)),
        DataType::UInt64 => {
            Cell::Integer(i64::try_from(array.as_primitive::<UInt64Type>().value(index)).unwrap_or(i64::MAX))
        }
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(index)),
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(index)),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let offsets = list.value_offsets();
            let (start, end) = (offsets.get(index).copied().unwrap_or(0), offsets.get(index + 1).copied().unwrap_or(0));
            let mut cells = Vec::with_capacity((end - start) as usize);
            for element in start..end {
                match cell(list.values().as_ref(), element as usize)? {
                    Cell::Null => {}
                    value => cells.push(value),
                }
            }
            Cell::List(cells)
        }
        other => return exec_err!("values of type {other} cannot be taken by a function"),
    })
}

/// Builds a column of cells.
pub(super) enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Unsigned(UInt64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>),
    Floats(ListBuilder<Float64Builder>),
    Integers(ListBuilder<Int64Builder>),
}

impl Builder {
    pub fn new(returns: &DataType, rows: usize) -> Result<Builder> {
        Ok(match returns {
            DataType::Utf8 => Builder::Text(StringBuilder::with_capacity(rows, rows * 16)),
            DataType::Int64 => Builder::Integer(Int64Builder::with_capacity(rows)),
            DataType::UInt64 => Builder::Unsigned(UInt64Builder::with_capacity(rows)),
            DataType::Float64 => Builder::Float(Float64Builder::with_capacity(rows)),
            DataType::Boolean => Builder::Boolean(BooleanBuilder::with_capacity(rows)),
            DataType::List(field) => match field.data_type() {
                DataType::Utf8 => Builder::Texts(ListBuilder::new(StringBuilder::new()).with_field(Arc::clone(field))),
                DataType::Float64 => {
                    Builder::Floats(ListBuilder::new(Float64Builder::new()).with_field(Arc::clone(field)))
                }
                DataType::Int64 => {
                    Builder::Integers(ListBuilder::new(Int64Builder::new()).with_field(Arc::clone(field)))
                }
                other => return plan_err!("a function cannot give lists of {other}"),
            },
            other => return plan_err!("a function cannot give {other}"),
        })
    }

    pub fn push(&mut self, cell: Cell<'_>, name: &str) -> Result<()> {
        match (self, cell) {
            (Builder::Text(b), Cell::Text(text)) => b.append_value(text),
            (Builder::Text(b), Cell::Null) => b.append_null(),
            (Builder::Integer(b), Cell::Integer(number)) => b.append_value(number),
            (Builder::Integer(b), Cell::Null) => b.append_null(),
            (Builder::Unsigned(b), Cell::Integer(number)) => b.append_option(u64::try_from(number).ok()),
            (Builder::Unsigned(b), Cell::Null) => b.append_null(),
            (Builder::Float(b), Cell::Float(number)) => b.append_value(number),
            (Builder::Float(b), Cell::Integer(number)) => b.append_value(number as f64),
            (Builder::Float(b), Cell::Null) => b.append_null(),
            (Builder::Boolean(b), Cell::Boolean(truth)) => b.append_value(truth),
            (Builder::Boolean(b), Cell::Null) => b.append_null(),
            (Builder::Texts(b), Cell::List(cells)) => {
                for cell in cells {
                    b.values().append_option(cell.as_text());
                }
                b.append(true);
            }
            (Builder::Texts(b), Cell::Text(text)) => {
                b.values().append_value(text);
                b.append(true);
            }
            (Builder::Texts(b), Cell::Null) => b.append(false),
            (Builder::Floats(b), Cell::List(cells)) => {
                for cell in cells {
                    b.values().append_option(cell.as_float());
                }
                b.append(true);
            }
            (Builder::Floats(b), Cell::Null) => b.append(false),
            (Builder::Integers(b), Cell::List(cells)) => {
                for cell in cells {
                    b.values().append_option(cell.as_integer());
                }
                b.append(true);
            }
            (Builder::Integers(b), Cell::Null) => b.append(false),
            (_, cell) => return exec_err!("{name} gave a value of another type than it promised: {cell:?}"),
        }
        Ok(())
    }

    pub fn finish(self) -> ArrayRef {
        match self {
            Builder::Text(mut b) => Arc::new(b.finish()),
            Builder::Integer(mut b) => Arc::new(b.finish()),
            Builder::Unsigned(mut b) => Arc::new(b.finish()),
            Builder::Float(mut b) => Arc::new(b.finish()),
            Builder::Boolean(mut b) => Arc::new(b.finish()),
            Builder::Texts(mut b) => Arc::new(b.finish()),
            Builder::Floats(mut b) => Arc::new(b.finish()),
            Builder::Integers(mut b) => Arc::new(b.finish()),
        }
    }
}
