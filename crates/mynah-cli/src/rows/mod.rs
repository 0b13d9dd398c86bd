//! Writing a result's rows: one file per format.
mod csv;
mod json;
mod ndjson;
mod table;

use crate::arguments::Format;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, IsTerminal, Write};

/// Takes a result's batches, and writes them in some format.
pub(crate) trait RowWriter {
    /// Writes some more rows.
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()>;

    /// Writes what stands at the end.
    fn finish(&mut self, schema: &SchemaRef) -> io::Result<()>;
}

/// The writer of a format to standard output.
pub(crate) fn writer(format: Option<Format>, style: Style) -> Box<dyn RowWriter> {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let out: Box<dyn Write> = Box::new(io::BufWriter::with_capacity(1 << 16, stdout.lock()));
    match format.unwrap_or(if terminal { Format::Table } else { Format::Ndjson }) {
        Format::Table => Box::new(table::Table::new(out, style)),
        Format::Json => Box::new(json::Json::new(out, style)),
        Format::Ndjson => Box::new(ndjson::Ndjson::new(out, style)),
        Format::Csv => Box::new(csv::Csv::new(out, style)),
    }
}

/// Appends a row as a JSON object, whose keys are the columns in their order.
fn object(batch: &RecordBatch, row: usize, style: Style, out: &mut String) {
    out.push('{');
    for (index, (field, column)) in batch.schema_ref().fields().iter().zip(batch.columns()).enumerate() {
        if index > 0 {
            out.push(',');
        }
        crate::cell::string(field.name(), out);
        out.push(':');
        crate::cell::json(column.as_ref(), row, style, out);
    }
    out.push('}');
}
