//! Running a test of one text over a column of texts, or of lists of texts.
use datafusion::arrow::array::{Array, AsArray, BooleanArray, GenericStringArray, OffsetSizeTrait};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;
use std::sync::Arc;

/// Applies `test` to every value: null gives null; of a list, any element that passes will do.
pub(crate) fn test_texts(column: &ColumnarValue, test: impl Fn(&str) -> bool) -> Result<ColumnarValue> {
    match column {
        ColumnarValue::Array(array) => Ok(ColumnarValue::Array(Arc::new(test_array(array.as_ref(), &test)?))),
        ColumnarValue::Scalar(scalar) => {
            let result = test_array(scalar.to_array()?.as_ref(), &test)?;
            let value = if result.is_empty() || result.is_null(0) { None } else { Some(result.value(0)) };
            Ok(ColumnarValue::Scalar(ScalarValue::Boolean(value)))
        }
    }
}

fn test_array(array: &dyn Array, test: &impl Fn(&str) -> bool) -> Result<BooleanArray> {
    match array.data_type() {
        DataType::Utf8 => Ok(test_strings(array.as_string::<i32>(), test)),
        DataType::LargeUtf8 => Ok(test_strings(array.as_string::<i64>(), test)),
        DataType::Utf8View => Ok(array.as_string_view().iter().map(|text| text.map(test)).collect()),
        DataType::List(_) => array
            .as_list::<i32>()
            .iter()
            .map(|values| match values {
                None => Ok(None),
                Some(values) => {
                    let tested = test_array(values.as_ref(), test)?;
                    Ok(Some(tested.iter().any(|passed| passed == Some(true))))
                }
            })
            .collect(),
        DataType::Null => Ok(BooleanArray::new_null(array.len())),
        other => exec_err!("a text or a list of texts was to be matched, not {other}"),
    }
}

fn test_strings<O: OffsetSizeTrait>(texts: &GenericStringArray<O>, test: &impl Fn(&str) -> bool) -> BooleanArray {
    texts.iter().map(|text| text.map(test)).collect()
}
