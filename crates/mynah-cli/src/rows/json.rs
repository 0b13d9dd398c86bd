use super::RowWriter;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// One array of objects.
pub(super) struct Json {
    out: Box<dyn Write>,
    style: Style,
    row: Vec<u8>,
    any: bool,
}

impl Json {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Json { out, style, row: Vec::new(), any: false }
    }
}

impl RowWriter for Json {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let objects = super::Objects::new(batch, self.style);
        for row in 0..batch.num_rows() {
            self.row.clear();
            self.row.extend_from_slice(if self.any { b",\n" } else { b"[\n" });
            self.any = true;
            objects.write(row, &mut self.row);
            self.out.write_all(&self.row)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
