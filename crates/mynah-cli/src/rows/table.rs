use super::RowWriter;
use crate::cell::Style;
use comfy_table::{ContentArrangement, presets};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::io::{self, Write};

/// A table for people. Rows are held until the end, since the widths of the columns depend on all of them;
/// so beyond a screenful of thousands the rest is counted only.
pub(super) struct Table {
    out: Box<dyn Write>,
    style: Style,
    table: comfy_table::Table,
    rows: usize,
}

/// How many rows are shown.
const SHOWN: usize = 10_000;
/// How wide a table is at least, in characters.
const NARROWEST: u16 = 60;
/// How many characters of one value are shown.
const WIDEST: usize = 400;

impl Table {
    pub fn new(out: Box<dyn Write>, style: Style) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        // A terminal that does not say how wide it is.
        if table.width().is_none_or(|width| width < NARROWEST) {
            table.set_width(NARROWEST);
        }
        Table { out, style, table, rows: 0 }
    }
}

impl RowWriter for Table {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        for row in 0..batch.num_rows() {
            self.rows += 1;
            if self.rows > SHOWN {
                continue;
            }
            self.table.add_row(batch.columns().iter().map(|column| {
                let mut value = String::new();
                crate::cell::text(column.as_ref(), row, self.style, &mut value);
                // Control characters of a log must not reach the terminal.
                let mut shown: String = value
                    .chars()
                    .take(WIDEST)
                    .map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c })
                    .collect();
                if shown.len() < value.len() && value.chars().nth(WIDEST).is_some() {
                    shown.push('…');
                }
                shown
            }));
        }
        Ok(())
    }

    fn finish(&mut self, schema: &SchemaRef) -> io::Result<()> {
        if self.rows > 0 {
            self.table.set_header(schema.fields().iter().map(|field| field.name()));
            writeln!(self.out, "{}", self.table)?;
        }
        match self.rows {
            0 => writeln!(self.out, "no rows")?,
            1 => writeln!(self.out, "1 row")?,
            rows if rows > SHOWN => {
                writeln!(self.out, "{rows} rows, the first {SHOWN} shown; --format csv or ndjson writes all")?
            }
            rows => writeln!(self.out, "{rows} rows")?,
        }
        self.out.flush()
    }
}
