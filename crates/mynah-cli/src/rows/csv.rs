use super::RowWriter;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// Comma-separated values with a header (RFC 4180); several values of one field one a line.
pub(super) struct Csv {
    out: csv::Writer<Box<dyn Write>>,
    style: Style,
    header: bool,
    value: String,
}

impl Csv {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Csv { out: csv::Writer::from_writer(out), style, header: false, value: String::new() }
    }

    fn header(&mut self, schema: &SchemaRef) -> io::Result<()> {
        if !self.header && !schema.fields().is_empty() {
            self.out.write_record(schema.fields().iter().map(|field| field.name()))?;
        }
        self.header = true;
        Ok(())
    }
}

impl RowWriter for Csv {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        self.header(batch.schema_ref())?;
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                self.value.clear();
                crate::cell::text(column.as_ref(), row, self.style, &mut self.value);
                self.out.write_field(&self.value)?;
            }
            self.out.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn finish(&mut self, schema: &SchemaRef) -> io::Result<()> {
        self.header(schema)?;
        self.out.flush()
    }
}
