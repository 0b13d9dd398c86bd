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
                let time = ["earliest", "latest"].contains(&name.as_str()).then(|| values.first()).flatten();
                parts.push(if name == "search" || name == "query" {
                    Search::Or(values.iter().map(|text| inserted(text, span)).collect::<Result<_, _>>()?)
                } else if let Some(moment) = time {
                    Search::Time { earliest: name == "earliest", moment: Spanned::new(moment.clone(), span) }
                } else {
                    let value = |text| Value::new(text, span, true);
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

/// How `format` writes rows: what stands around and between them and their fields.
#[derive(Debug)]
pub(crate) struct Format {
    /// Before all, before a row's fields, between these, behind them, between rows, behind all.
    pub words: [String; 6],
    /// Between several values of a field.
    pub values: String,
    /// Of no rows.
    pub empty: String,
    pub most: usize,
}

/// As every subsearch has it that does not say otherwise.
impl Default for Format {
    fn default() -> Self {
        Format {
            words: ["(", "(", "AND", ")", "OR", ")"].map(str::to_owned),
            values: "OR".to_owned(),
            empty: "NOT ()".to_owned(),
            most: MAX_ROWS,
        }
    }
}

impl Format {
    /// The rows as text, the fields of each in the order of their names, as the reference's examples have them.
    pub(crate) fn text(&self, batches: &[RecordBatch]) -> String {
        let [all, row, field, row_end, between, all_end] = &self.words;
        let numbered = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |number| (batch, number)));
        let rows = numbered.filter_map(|(batch, number)| {
            let mut fields: Vec<_> = row_fields(batch, number).collect();
            fields.sort();
            let fields = fields.into_iter().map(|(name, values)| self.field(&name, &values));
            let fields: Vec<String> = fields.collect();
            let joined = fields.join(&format!(" {field} "));
            (!fields.is_empty()).then(|| spaced([row.as_str(), &joined, row_end]))
        });
        let rows: Vec<String> = rows.take(self.most).collect();
        match rows.is_empty() {
            true => self.empty.clone(),
            false => spaced([all.as_str(), &rows.join(&format!(" {between} ")), all_end]),
        }
    }

    /// A field with its values. What is called `search` or `query` is text of a search as it is.
    fn field(&self, name: &str, values: &[String]) -> String {
        let name = if name.contains(char::is_whitespace) { format!("\"{name}\"") } else { name.to_owned() };
        let values = values.iter().map(|value| match name.as_str() {
            "search" | "query" => value.clone(),
            name => format!("{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        });
        let values: Vec<String> = values.collect();
        match values.as_slice() {
            [value] => value.clone(),
            values => format!("( {} )", values.join(&format!(" {} ", self.values))),
        }
    }
}

/// What is not empty of some texts, a blank between them.
fn spaced(texts: [&str; 3]) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
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
