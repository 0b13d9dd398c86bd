//! Writing the rows of a result.
use crate::arguments::Format;
use crate::terminal;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use mynah::value::{self, Objects, Style};
use std::io::{self, IsTerminal, Write};

type Out = Box<dyn Write>;

/// Writes batches of rows in a format.
pub(crate) trait RowWriter {
    /// Writes some more rows.
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()>;

    /// Writes the end.
    fn finish(&mut self, schema: &SchemaRef) -> io::Result<()>;
}

/// The writer of a format to standard output.
pub(crate) fn writer(format: Option<Format>, style: Style) -> Box<dyn RowWriter> {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let out: Out = Box::new(io::BufWriter::with_capacity(1 << 16, stdout.lock()));
    match format.unwrap_or(if terminal { Format::Table } else { Format::Ndjson }) {
        Format::Table => Box::new(Table::new(out, style)),
        Format::Json => Box::new(Json { out, style, row: Vec::new(), any: false, array: true }),
        Format::Ndjson => Box::new(Json { out, style, row: Vec::new(), any: false, array: false }),
        Format::Csv => Box::new(Csv { out: csv::Writer::from_writer(out), style, header: false, value: String::new() }),
    }
}

/// One object a line, or one array of objects.
struct Json {
    out: Out,
    style: Style,
    row: Vec<u8>,
    any: bool,
    array: bool,
}

impl RowWriter for Json {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let objects = Objects::new(batch, self.style);
        for row in 0..batch.num_rows() {
            self.row.clear();
            match (self.array, self.any) {
                (false, _) => {}
                (true, false) => self.row.extend_from_slice(b"[\n"),
                (true, true) => self.row.extend_from_slice(b",\n"),
            }
            self.any = true;
            objects.write(row, &mut self.row);
            if !self.array {
                self.row.push(b'\n');
            }
            self.out.write_all(&self.row)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        if self.array {
            self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        }
        self.out.flush()
    }
}

/// Comma-separated values with a header (RFC 4180); several values of one field one a line.
struct Csv {
    out: csv::Writer<Out>,
    style: Style,
    header: bool,
    value: String,
}

impl Csv {
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
                value::text(column.as_ref(), row, self.style, &mut self.value);
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

/// A table for people. It holds the rows until the end, since the widths of the columns depend on all of them; rows beyond
/// some thousands are only counted.
struct Table {
    out: Out,
    style: Style,
    table: comfy_table::Table,
    rows: usize,
}

/// How many rows are shown.
const SHOWN: usize = 10_000;
/// The least width of a table, in characters.
const NARROWEST: u16 = 60;
/// How many characters of one value are shown.
const WIDEST: usize = 400;

impl Table {
    fn new(out: Out, style: Style) -> Self {
        let mut table = terminal::table();
        // A terminal may not say how wide it is.
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
                value::text(column.as_ref(), row, self.style, &mut value);
                terminal::clean(&value, WIDEST, true)
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
            rows if rows > SHOWN => {
                writeln!(self.out, "{rows} rows, the first {SHOWN} shown; --format csv or ndjson writes all")?
            }
            rows => writeln!(self.out, "{}", terminal::count(rows, "row"))?,
        }
        self.out.flush()
    }
}
