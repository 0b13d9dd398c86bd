//! What the rows of a subsearch mean to the search around it: `(a=1 b=2) OR (a=3 b=4)`.
use super::ast::{Comparison, Search, Value};
use crate::expression::BinaryOperator;
use crate::pipeline::Parsing;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// How many rows of a subsearch count, as Splunk has it by default (`format`'s and limits.conf's maxout).
pub(crate) const MAX_ROWS: usize = 10_000;

/// The rows as a condition: any of the rows, all fields of a row, any value of a field. A field named
/// `search` or `query` is a term itself. No rows hold for nothing.
///
/// # Errors
/// Where such a field holds what is no search.
pub(crate) fn rows_as_search(batches: &[RecordBatch], span: Span) -> Result<Search, Diagnostic> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            if rows.len() == MAX_ROWS {
                break;
            }
            let mut parts = Vec::new();
            for (name, values) in row_fields(batch, row) {
                parts.push(if name == "search" || name == "query" {
                    Search::Or(values.iter().map(|text| inserted(text, span)).collect::<Result<_, _>>()?)
                } else {
                    let value = |text| Value { text, span, quoted: true, exact_case: false };
                    let values = values.into_iter().map(value).collect();
                    Search::Compare(Comparison {
                        field: Spanned::new(name, span),
                        operator: BinaryOperator::Equal,
                        values,
                    })
                });
            }
            if !parts.is_empty() {
                rows.push(Search::And(parts));
            }
        }
    }
    Ok(Search::Or(rows))
}

/// Text that goes into the search as it is.
fn inserted(text: &str, span: Span) -> Result<Search, Diagnostic> {
    let mut parsing = Parsing::new(text);
    match super::parse(&mut parsing, Span::new(0, text.len())) {
        Ok(search) => Ok(search.at(span)),
        Err(error) => {
            let message = format!("the subsearch gives text that is no search: {}", error.message);
            Err(Diagnostic::error("spl/subsearch", message, span))
        }
    }
}

/// The same as text, as `format` gives it.
///
/// # Errors
/// As [`rows_as_search`].
pub(crate) fn rows_as_text(batches: &[RecordBatch], span: Span) -> Result<String, Diagnostic> {
    Ok(match rows_as_search(batches, span)? {
        Search::Or(rows) if rows.is_empty() => "NOT *".to_owned(),
        search => format!("( {search} )"),
    })
}

/// The fields of a row that have values; internal ones, whose names begin with `_`, do not count.
pub(crate) fn row_fields(batch: &RecordBatch, row: usize) -> impl Iterator<Item = (String, Vec<String>)> + '_ {
    batch.schema_ref().fields().iter().zip(batch.columns()).filter_map(move |(field, column)| {
        if field.name().starts_with('_') {
            return None;
        }
        let values = values(column.as_ref(), row);
        (!values.is_empty()).then(|| (field.name().clone(), values))
    })
}

/// The texts of one cell.
pub(crate) fn cell_texts(column: &dyn Array, row: usize) -> Vec<String> {
    values(column, row)
}

/// The texts of one value.
fn values(column: &dyn Array, row: usize) -> Vec<String> {
    if column.is_null(row) {
        return Vec::new();
    }
    match column.data_type() {
        DataType::Utf8 => vec![column.as_string::<i32>().value(row).to_owned()],
        DataType::Float64 => vec![column.as_primitive::<Float64Type>().value(row).to_string()],
        DataType::List(_) => {
            let list = column.as_list::<i32>().value(row);
            (0..list.len()).flat_map(|at| values(list.as_ref(), at)).collect()
        }
        _ => Vec::new(),
    }
}
