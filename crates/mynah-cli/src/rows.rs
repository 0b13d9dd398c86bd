//! Writing the rows of a result.
use crate::arguments::Format;
use crate::terminal;
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use mynah::value::{self, Objects, Style};
use mynah_syntax::neutral;
use std::borrow::Cow;
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
        Format::Table => Box::new(Table::new(out, style, format.is_none())),
        Format::List => Box::new(List { out, style, rows: 0 }),
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

/// Comma-separated values with a header (RFC 4180); several values of one field one a line. A text that a spreadsheet would take
/// for a formula has an apostrophe before it.
struct Csv {
    out: csv::Writer<Out>,
    style: Style,
    header: bool,
    value: String,
}

impl Csv {
    fn header(&mut self, schema: &SchemaRef) -> io::Result<()> {
        if !self.header && !schema.fields().is_empty() {
            let names = schema.fields().iter().map(|field| neutral::field(field.name()).into_owned());
            self.out.write_record(names)?;
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
                let field = match column.data_type().is_numeric() {
                    // A negative number is no formula.
                    true => Cow::Borrowed(self.value.as_str()),
                    false => neutral::field(&self.value),
                };
                self.out.write_field(&*field)?;
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
    /// Whether rows with too many fields for the terminal are written as a list.
    may_be_list: bool,
    list: Option<List>,
}

/// How many rows are shown.
const SHOWN: usize = 10_000;
/// The least width of a table, in characters.
const NARROWEST: u16 = 60;
/// How many characters of one value are shown.
const WIDEST: usize = 400;
/// How many characters a field needs: narrower ones break numbers and names.
const FIELD: usize = 10;

impl Table {
    fn new(out: Out, style: Style, may_be_list: bool) -> Self {
        let mut table = terminal::table();
        // A terminal may not say how wide it is.
        if table.width().is_none_or(|width| width < NARROWEST) {
            table.set_width(NARROWEST);
        }
        Table { out, style, table, rows: 0, may_be_list, list: None }
    }
}

impl RowWriter for Table {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let width = usize::from(self.table.width().unwrap_or(NARROWEST));
        if self.rows == 0 && self.may_be_list && batch.num_columns() * FIELD > width {
            let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
            self.list = Some(List { out, style: self.style, rows: 0 });
        }
        if let Some(list) = &mut self.list {
            self.rows += batch.num_rows();
            return list.batch(batch);
        }
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
        if let Some(list) = &mut self.list {
            return list.finish(schema);
        }
        if self.rows > 0 {
            self.table.set_header(schema.fields().iter().map(|field| terminal::clean(field.name(), WIDEST, false)));
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

/// One field a line, under the number of its row. Fields without a value are left out.
struct List {
    out: Out,
    style: Style,
    rows: usize,
}

impl RowWriter for List {
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let schema = batch.schema_ref();
        let names: Vec<String> =
            schema.fields().iter().map(|field| terminal::clean(field.name(), WIDEST, false)).collect();
        let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let mut value = String::new();
        for row in 0..batch.num_rows() {
            self.rows += 1;
            writeln!(self.out, "row {}", self.rows)?;
            for (name, column) in names.iter().zip(batch.columns()).filter(|(_, column)| !column.is_null(row)) {
                value.clear();
                value::text(column.as_ref(), row, self.style, &mut value);
                let mut lines = value.lines();
                writeln!(self.out, "  {name:<widest$}  {}", neutral::line(lines.next().unwrap_or_default()))?;
                for line in lines {
                    writeln!(self.out, "  {:<widest$}  {}", "", neutral::line(line))?;
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &SchemaRef) -> io::Result<()> {
        match self.rows {
            0 => writeln!(self.out, "no rows")?,
            rows => writeln!(self.out, "{}", terminal::count(rows, "row"))?,
        }
        self.out.flush()
    }
}
