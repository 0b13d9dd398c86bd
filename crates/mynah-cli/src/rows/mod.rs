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

/// The rows of a batch as JSON objects, whose keys are the columns in their order.
struct Objects<'b> {
    batch: &'b RecordBatch,
    /// The columns' names, with what stands before and after them.
    keys: Vec<Vec<u8>>,
    style: Style,
}

impl<'b> Objects<'b> {
    fn new(batch: &'b RecordBatch, style: Style) -> Self {
        let key = |(index, name): (usize, &str)| {
            let mut key = vec![if index == 0 { b'{' } else { b',' }];
            crate::cell::string(name, &mut key);
            key.push(b':');
            key
        };
        let names = batch.schema_ref().fields().iter().map(|field| field.name().as_str());
        Objects { batch, keys: names.enumerate().map(key).collect(), style }
    }

    /// Appends a row's object.
    fn write(&self, row: usize, out: &mut Vec<u8>) {
        if self.keys.is_empty() {
            out.push(b'{');
        }
        for (key, column) in self.keys.iter().zip(self.batch.columns()) {
            out.extend_from_slice(key);
            crate::cell::json(column.as_ref(), row, self.style, out);
        }
        out.push(b'}');
    }
}
