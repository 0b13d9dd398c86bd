use super::RowWriter;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// One object a line.
pub(super) struct Ndjson {
    out: Box<dyn Write>,
    style: Style,
    line: String,
}

impl Ndjson {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Ndjson { out, style, line: String::new() }
    }
}

impl RowWriter for Ndjson {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        for row in 0..batch.num_rows() {
            self.line.clear();
            super::object(batch, row, self.style, &mut self.line);
            self.line.push('\n');
            self.out.write_all(self.line.as_bytes())?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        self.out.flush()
    }
}
