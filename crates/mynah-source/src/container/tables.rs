//! Tables whose rows say by directives, lines that begin with `#`, what their values are.
use crate::bytes::Stream;
use crate::container::{Container, Framer, PlainLines};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};

/// One form of such tables.
pub(crate) trait Table: Default {
    /// The directive that names the fields.
    const FIELDS: &'static str;

    /// Takes note of a directive.
    fn directive(&mut self, line: &str);

    /// How many names of fields there are.
    fn names(&self) -> usize;

    /// Adds the document of a row to a text; gives how many values the row has.
    fn document(&self, row: &str, out: &mut String) -> usize;
}

/// The rows of a log of such tables.
pub(crate) struct Tables<T> {
    rows: Framer<PlainLines>,
    table: T,
    number: u64,
}

impl<T: Table> Tables<T> {
    pub fn new(head: Vec<u8>, stream: Stream) -> Self {
        Tables { rows: Framer::new(head, stream, PlainLines::default()), table: T::default(), number: 0 }
    }
}

impl<T: Table + Send> Container for Tables<T> {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        let (fields, table) = (T::FIELDS, &mut self.table);
        loop {
            let Some(mut chunk) = self.rows.next_chunk(problems)? else { return Ok(None) };
            chunk.make_documents(|record, row, out| {
                if row.starts_with('#') {
                    table.directive(row);
                    return false;
                }
                self.number += 1;
                let names = table.names();
                if names == 0 {
                    let message = format!("this row comes before any `{fields}` directive; left out");
                    problems.at_line(ProblemKind::Malformed, record.line, self.number, message);
                    return false;
                }
                let count = table.document(row, out);
                if count != names {
                    let message =
                        format!("this row has {count} values, `{fields}` {names} names; kept as far as it goes");
                    problems.at_line(ProblemKind::Malformed, record.line, self.number, message);
                }
                true
            });
            let first = self.number - chunk.records.len() as u64;
            for (record, number) in chunk.records.iter_mut().zip(first + 1..) {
                record.number = number;
            }
            if !chunk.records.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }
}
