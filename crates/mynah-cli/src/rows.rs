//! Writing the rows of a result.
mod csv;

use self::csv::{Csv, CsvOfSeveral};
use crate::arguments::Format;
use crate::terminal;
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use mynah::value::{self, NumberStyle, Objects, Style};
use mynah_syntax::neutral;
use std::io::{self, IsTerminal, Write};

type Out = Box<dyn Write>;

/// Writes the rows of one query after another in a format.
///
/// Where there are several, each row says of which it is: in a first column [`QUERY`] (all rows are one table then), or
/// below the query's name.
pub(crate) trait RowWriter {
    /// Goes on with the rows of a query, which its platform writes in a style.
    fn begin(&mut self, query: &str, style: Style) -> io::Result<()>;

    /// Writes some more of its rows.
    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()>;

    /// Writes the end of its rows.
    fn end(&mut self, schema: &SchemaRef) -> io::Result<()>;

    /// Writes the end of all.
    fn finish(&mut self) -> io::Result<()>;
}

/// The column that says of which query a row is, where there are several.
const QUERY: &str = "mynah_query";

/// The writer of a format to standard output, of one query or of `several`.
pub(crate) fn writer(format: Option<Format>, several: bool) -> Box<dyn RowWriter> {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let out: Out = Box::new(io::BufWriter::with_capacity(1 << 16, stdout));
    match format.unwrap_or(if terminal { Format::Table } else { Format::Ndjson }) {
        Format::Table => Box::new(Table::new(out, several, format.is_none())),
        Format::List => Box::new(List { out, several, style: PLAIN, rows: 0 }),
        Format::Json => Box::new(Json::new(out, several, true)),
        Format::Ndjson | Format::Elastic => Box::new(Json::new(out, several, false)),
        Format::Csv if several => Box::new(CsvOfSeveral::new(out)),
        Format::Csv => Box::new(Csv::new(out)),
    }
}

/// The style before the first query says its own.
const PLAIN: Style = Style { numbers: NumberStyle::Plain, lone_values: false };

/// One object a line, or one array of objects, whatever the number of queries.
struct Json {
    out: Out,
    several: bool,
    /// How each object begins, where there are several queries.
    prefix: Vec<u8>,
    style: Style,
    row: Vec<u8>,
    object: Vec<u8>,
    array: bool,
    /// Whether a query ran, and whether it gave a row.
    begun: bool,
    any: bool,
}

impl Json {
    fn new(out: Out, several: bool, array: bool) -> Self {
        let (prefix, row, object) = (Vec::new(), Vec::new(), Vec::new());
        Json { out, several, prefix, style: PLAIN, row, object, array, begun: false, any: false }
    }
}

impl RowWriter for Json {
    fn begin(&mut self, query: &str, style: Style) -> io::Result<()> {
        self.begun = true;
        self.style = style;
        self.prefix.clear();
        if self.several {
            write!(self.prefix, "{{\"{QUERY}\":")?;
            self.prefix.extend_from_slice(neutral::json(&serde_json::to_string(query)?).as_bytes());
        }
        Ok(())
    }

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
            self.object.clear();
            objects.write(row, &mut self.object);
            match self.object.strip_prefix(b"{").filter(|_| !self.prefix.is_empty()) {
                None => self.row.extend_from_slice(&self.object),
                Some(members) => {
                    self.row.extend_from_slice(&self.prefix);
                    if members != b"}" {
                        self.row.push(b',');
                    }
                    self.row.extend_from_slice(members);
                }
            }
            if !self.array {
                self.row.push(b'\n');
            }
            self.out.write_all(&self.row)?;
        }
        Ok(())
    }

    fn end(&mut self, _: &SchemaRef) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.array && self.begun {
            self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        }
        self.out.flush()
    }
}

/// A table for people. It holds the rows until the end, since the widths of the columns depend on all of them; rows beyond
/// some thousands are only counted.
struct Table {
    out: Out,
    several: bool,
    style: Style,
    table: comfy_table::Table,
    rows: usize,
    /// Whether rows with too many fields for the terminal are written as a list, and whether those of this query are.
    may_be_list: bool,
    is_list: bool,
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
    fn new(out: Out, several: bool, may_be_list: bool) -> Self {
        let table = comfy_table::Table::new();
        Table { out, several, style: PLAIN, table, rows: 0, may_be_list, is_list: false }
    }
}

impl RowWriter for Table {
    fn begin(&mut self, query: &str, style: Style) -> io::Result<()> {
        self.table = terminal::table();
        // A terminal may not say how wide it is.
        if self.table.width().is_none_or(|width| width < NARROWEST) {
            self.table.set_width(NARROWEST);
        }
        (self.style, self.rows, self.is_list) = (style, 0, false);
        name(&mut self.out, self.several, query)
    }

    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let width = usize::from(self.table.width().unwrap_or(NARROWEST));
        self.is_list |= self.rows == 0 && self.may_be_list && batch.num_columns() * FIELD > width;
        if self.is_list {
            return list(&mut self.out, batch, self.style, &mut self.rows);
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

    fn end(&mut self, schema: &SchemaRef) -> io::Result<()> {
        if self.rows > 0 && !self.is_list {
            self.table.set_header(schema.fields().iter().map(|field| terminal::clean(field.name(), WIDEST, false)));
            writeln!(self.out, "{}", self.table)?;
        }
        match self.rows {
            rows if rows > SHOWN && !self.is_list => {
                writeln!(self.out, "{rows} rows, the first {SHOWN} shown; --format csv or ndjson writes all")?;
                if self.several { writeln!(self.out) } else { Ok(()) }
            }
            rows => count(&mut self.out, self.several, rows),
        }?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One field a line, under the number of its row.
struct List {
    out: Out,
    several: bool,
    style: Style,
    rows: usize,
}

impl RowWriter for List {
    fn begin(&mut self, query: &str, style: Style) -> io::Result<()> {
        (self.style, self.rows) = (style, 0);
        name(&mut self.out, self.several, query)
    }

    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        list(&mut self.out, batch, self.style, &mut self.rows)
    }

    fn end(&mut self, _: &SchemaRef) -> io::Result<()> {
        count(&mut self.out, self.several, self.rows)?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes rows as lists of their fields; those without a value are left out.
fn list(out: &mut Out, batch: &RecordBatch, style: Style, rows: &mut usize) -> io::Result<()> {
    let fields = batch.schema_ref().fields();
    let names: Vec<String> = fields.iter().map(|field| terminal::clean(field.name(), WIDEST, false)).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut value = String::new();
    for row in 0..batch.num_rows() {
        *rows += 1;
        writeln!(out, "row {rows}")?;
        for (name, column) in names.iter().zip(batch.columns()).filter(|(_, column)| !column.is_null(row)) {
            value.clear();
            value::text(column.as_ref(), row, style, &mut value);
            let mut lines = value.lines();
            writeln!(out, "  {name:<widest$}  {}", neutral::line(lines.next().unwrap_or_default()))?;
            for line in lines {
                writeln!(out, "  {:<widest$}  {}", "", neutral::line(line))?;
            }
        }
    }
    Ok(())
}

/// The name of a query before its rows, where there are several.
fn name(out: &mut Out, several: bool, query: &str) -> io::Result<()> {
    if several { writeln!(out, "{}:", terminal::clean(query, WIDEST, false)) } else { Ok(()) }
}

/// How many rows there were, and an empty line where those of another query may follow.
fn count(out: &mut Out, several: bool, rows: usize) -> io::Result<()> {
    match rows {
        0 => writeln!(out, "no rows")?,
        rows => writeln!(out, "{}", terminal::count(rows, "row"))?,
    }
    if several { writeln!(out) } else { Ok(()) }
}
