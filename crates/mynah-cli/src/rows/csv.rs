//! Rows as comma-separated values (RFC 4180): several values of one field one a line. A text that a spreadsheet would take
//! for a formula has an apostrophe before it.
use super::{Out, PLAIN, QUERY, RowWriter};
use csv::{ReaderBuilder, Writer};
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use mynah::value::{self, Style};
use mynah_syntax::neutral;
use std::borrow::Cow;
use std::io::{self, Seek, Write};
use tempfile::SpooledTempFile;

/// The rows of one query.
pub(super) struct Csv {
    out: Out,
    style: Style,
    header_written: bool,
    value: String,
}

impl Csv {
    pub fn new(out: Out) -> Csv {
        Csv { out, style: PLAIN, header_written: false, value: String::new() }
    }

    fn header(&mut self, schema: &SchemaRef) -> io::Result<()> {
        if !std::mem::replace(&mut self.header_written, true) && !schema.fields().is_empty() {
            Writer::from_writer(&mut self.out).write_record(names(schema))?;
        }
        Ok(())
    }
}

impl RowWriter for Csv {
    fn begin(&mut self, _: &str, style: Style) -> io::Result<()> {
        self.style = style;
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        self.header(batch.schema_ref())?;
        let mut out = Writer::from_writer(&mut self.out);
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                out.write_field(&*field(column.as_ref(), row, self.style, &mut self.value))?;
            }
            out.write_record(None::<&[u8]>)?;
        }
        out.flush()
    }

    fn end(&mut self, schema: &SchemaRef) -> io::Result<()> {
        self.header(schema)?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The rows of several queries as one table, which has the columns of all of them and says of each row of which query it is.
/// The columns are known when the last query ran: until then, the rows are kept, in a file if they are many.
pub(super) struct CsvOfSeveral {
    out: Out,
    query: String,
    style: Style,
    columns: Vec<String>,
    /// For each of the columns, which column of the query that runs it is; of each query from its first rows on.
    places: Option<Vec<Option<usize>>>,
    /// The rows so far, each with the columns that were known when it was written.
    rows: SpooledTempFile,
    value: String,
}

/// How many bytes of rows are kept in memory.
const IN_MEMORY: usize = 16 << 20;

impl CsvOfSeveral {
    pub fn new(out: Out) -> CsvOfSeveral {
        let rows = SpooledTempFile::new(IN_MEMORY);
        CsvOfSeveral {
            out,
            query: String::new(),
            style: PLAIN,
            columns: vec![QUERY.to_owned()],
            places: None,
            rows,
            value: String::new(),
        }
    }

    /// Adds the columns of a query that are not known yet.
    fn places(&mut self, schema: &SchemaRef) -> &[Option<usize>] {
        let columns = &mut self.columns;
        self.places.get_or_insert_with(|| {
            let mut places = vec![None; columns.len()];
            for (column, name) in names(schema).enumerate() {
                // The first column is the query's name, and of two with one name each has a place.
                let known =
                    columns.iter().zip(&places).skip(1).position(|(known, taken)| *known == name && taken.is_none());
                match known.and_then(|known| places.get_mut(known + 1)) {
                    Some(place) => *place = Some(column),
                    None => {
                        columns.push(name);
                        places.push(Some(column));
                    }
                }
            }
            places
        })
    }
}

impl RowWriter for CsvOfSeveral {
    fn begin(&mut self, query: &str, style: Style) -> io::Result<()> {
        query.clone_into(&mut self.query);
        self.style = style;
        self.places = None;
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let places = self.places(batch.schema_ref()).to_vec();
        let mut out = Writer::from_writer(&mut self.rows);
        for row in 0..batch.num_rows() {
            out.write_field(&*neutral::field(&self.query))?;
            for place in places.iter().skip(1) {
                match place.and_then(|column| batch.columns().get(column)) {
                    Some(column) => out.write_field(&*field(column.as_ref(), row, self.style, &mut self.value))?,
                    None => out.write_field("")?,
                }
            }
            out.write_record(None::<&[u8]>)?;
        }
        out.flush()
    }

    fn end(&mut self, schema: &SchemaRef) -> io::Result<()> {
        self.places(schema);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.rows.rewind()?;
        if self.columns.len() > 1 {
            let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&mut self.rows);
            let mut out = Writer::from_writer(&mut self.out);
            out.write_record(&self.columns)?;
            for row in rows.byte_records() {
                let row = row?;
                row.iter().try_for_each(|field| out.write_field(field))?;
                // What later queries have.
                (row.len()..self.columns.len()).try_for_each(|_| out.write_field(""))?;
                out.write_record(None::<&[u8]>)?;
            }
            out.flush()?;
        }
        self.out.flush()
    }
}

fn names(schema: &SchemaRef) -> impl Iterator<Item = String> {
    schema.fields().iter().map(|field| neutral::field(field.name()).into_owned())
}

/// The text of a value, neutral for spreadsheets.
fn field<'v>(column: &dyn Array, row: usize, style: Style, value: &'v mut String) -> Cow<'v, str> {
    value.clear();
    value::text(column, row, style, value);
    // A negative number is no formula.
    if column.data_type().is_numeric() { Cow::Borrowed(value) } else { neutral::field(value) }
}
