//! Running a test of one text over a column of texts, or of lists of texts.
use datafusion::arrow::array::{Array, AsArray, BooleanArray, GenericStringArray, ListArray, OffsetSizeTrait};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;
use std::sync::Arc;

/// Applies `test` to every value: null gives null; of a list, any element that passes will do.
pub(crate) fn try_test_texts(column: &ColumnarValue, test: impl Fn(&str) -> Result<bool>) -> Result<ColumnarValue> {
    match column {
        ColumnarValue::Array(array) => Ok(ColumnarValue::Array(Arc::new(test_array(array.as_ref(), &test)?))),
        ColumnarValue::Scalar(scalar) => {
            let result = test_array(scalar.to_array()?.as_ref(), &test)?;
            let value = if result.is_empty() || result.is_null(0) { None } else { Some(result.value(0)) };
            Ok(ColumnarValue::Scalar(ScalarValue::Boolean(value)))
        }
    }
}

fn test_array(array: &dyn Array, test: &impl Fn(&str) -> Result<bool>) -> Result<BooleanArray> {
    match array.data_type() {
        DataType::Utf8 => test_strings(array.as_string::<i32>(), test),
        DataType::LargeUtf8 => test_strings(array.as_string::<i64>(), test),
        DataType::Utf8View => array.as_string_view().iter().map(|text| text.map(test).transpose()).collect(),
        DataType::List(_) => test_lists(array.as_list::<i32>(), test),
        DataType::Null => Ok(BooleanArray::new_null(array.len())),
        other => exec_err!("a text or a list of texts was to be matched, not {other}"),
    }
}

/// Tests a text once where it stands in row after row, as the name of a log's index does.
fn test_strings<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    test: &impl Fn(&str) -> Result<bool>,
) -> Result<BooleanArray> {
    let mut last: Option<(&str, bool)> = None;
    let tested = texts.iter().map(|text| {
        let Some(text) = text else { return Ok(None) };
        let passes = match last {
            Some((known, passes)) if known == text => passes,
            _ => test(text)?,
        };
        last = Some((text, passes));
        Ok(Some(passes))
    });
    tested.collect()
}

/// Tests all elements at once, and asks then for each list whether one of its own passed.
fn test_lists(lists: &ListArray, test: &impl Fn(&str) -> Result<bool>) -> Result<BooleanArray> {
    let offsets = lists.value_offsets();
    let (first, last) = (offset(offsets.first()), offset(offsets.last()));
    let tested = test_array(lists.values().slice(first, last - first).as_ref(), test)?;
    let passed = match tested.nulls() {
        Some(nulls) => tested.values() & nulls.inner(),
        None => tested.values().clone(),
    };
    let any = offsets.windows(2).map(|ends| {
        let (start, end) = (offset(ends.first()) - first, offset(ends.last()) - first);
        (start..end).any(|element| passed.value(element))
    });
    Ok(BooleanArray::new(any.collect(), lists.nulls().cloned()))
}

fn offset(offset: Option<&i32>) -> usize {
    offset.and_then(|offset| usize::try_from(*offset).ok()).unwrap_or(0)
}
