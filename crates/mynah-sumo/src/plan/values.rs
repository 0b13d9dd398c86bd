//! Values from one kind to another, and rows in and out of plans.
use super::Kind;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, ScalarUDF, lit};
use mynah_kernels::{Cell, row_function};
use std::collections::HashMap;
use std::sync::Arc;

/// A number as it is shown: without a fraction where it has none.
pub(crate) fn show_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number}") }
}

/// A text as a number: digits with sign, fraction and exponent, white space around them left aside.
pub(crate) fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let starts_like_one = text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if starts_like_one { text.parse().ok() } else { None }
}

pub(crate) fn text_of_float() -> ScalarUDF {
    row_function("text", DataType::Utf8, |row| match row {
        [Cell::Float(number)] => Cell::text(show_number(*number)),
        [Cell::Integer(number)] => Cell::text(number.to_string()),
        _ => Cell::Null,
    })
}

pub(crate) fn number_of_text() -> ScalarUDF {
    row_function("number", DataType::Float64, |row| match row {
        [Cell::Text(text)] => read_number(text).map(Cell::Float).into(),
        _ => Cell::Null,
    })
}

pub(crate) fn integer_of_float() -> ScalarUDF {
    row_function("whole", DataType::Int64, |row| match row {
        [Cell::Float(number)] if number.is_finite() => Cell::Integer(*number as i64),
        [Cell::Integer(number)] => Cell::Integer(*number),
        _ => Cell::Null,
    })
}

pub(crate) fn boolean_of_text() -> ScalarUDF {
    row_function("truth", DataType::Boolean, |row| match row {
        [Cell::Text(text)] => Cell::Boolean(text.trim().eq_ignore_ascii_case("true")),
        _ => Cell::Null,
    })
}

/// A list of texts as a JSON array, which is how a field holds several values.
pub(crate) fn text_of_list() -> ScalarUDF {
    row_function("json_array", DataType::Utf8, |row| match row {
        [Cell::List(cells)] => {
            let texts: Vec<&str> = cells.iter().filter_map(Cell::as_text).collect();
            serde_json::to_string(&texts).ok().map(Cell::text).into()
        }
        _ => Cell::Null,
    })
}

/// The rows of batches, each value as a scalar of its column's kind.
pub(crate) fn rows_of(batches: &[RecordBatch], kinds: &[Kind]) -> Result<Vec<Vec<ScalarValue>>> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .zip(kinds)
            .map(|(column, kind)| Ok(cast(column, &kind.data_type())?))
            .collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            rows.push(
                columns.iter().map(|column| ScalarValue::try_from_array(column, row)).collect::<Result<Vec<_>>>()?,
            );
        }
    }
    Ok(rows)
}

/// A plan that yields these rows.
pub(crate) fn values_plan(columns: &[(String, DataType)], rows: Vec<Vec<ScalarValue>>) -> Result<LogicalPlan> {
    use datafusion::arrow::datatypes::{Field, Schema};
    let fields: Vec<Field> =
        columns.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
    let schema = DFSchema::from_unqualified_fields(Schema::new(fields).fields, HashMap::new())?;
    let rows = rows.into_iter().map(|row| row.into_iter().map(lit).collect()).collect();
    LogicalPlanBuilder::values_with_schema(rows, &Arc::new(schema))?.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_and_out() {
        assert_eq!(show_number(3.0), "3");
        assert_eq!(show_number(3.25), "3.25");
        assert_eq!(read_number(" 12.5 "), Some(12.5));
        assert_eq!(read_number("-3"), Some(-3.0));
        assert_eq!(read_number("inf"), None);
        assert_eq!(read_number("12a"), None);
        assert_eq!(read_number(""), None);
    }
}
