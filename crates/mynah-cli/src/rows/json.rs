use super::RowWriter;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// One array of objects.
pub(super) struct Json {
    out: Box<dyn Write>,
    style: Style,
    row: String,
    any: bool,
}

impl Json {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Json { out, style, row: String::new(), any: false }
    }
}

impl RowWriter for Json {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        for row in 0..batch.num_rows() {
            self.row.clear();
            self.row.push_str(if self.any { ",\n" } else { "[\n" });
            self.any = true;
            super::object(batch, row, self.style, &mut self.row);
            self.out.write_all(self.row.as_bytes())?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
