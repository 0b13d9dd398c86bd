use super::RowWriter;
use crate::cell::Style;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// One object a line.
pub(super) struct Ndjson {
    out: Box<dyn Write>,
    style: Style,
    line: Vec<u8>,
}

impl Ndjson {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        Ndjson { out, style, line: Vec::new() }
    }
}

impl RowWriter for Ndjson {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let objects = super::Objects::new(batch, self.style);
        for row in 0..batch.num_rows() {
            self.line.clear();
            objects.write(row, &mut self.line);
            self.line.push(b'\n');
            self.out.write_all(&self.line)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        self.out.flush()
    }
}
