mod header;
mod rows;

use crate::bytes::Stream;
use crate::container::{Container, Framer};
use crate::json::write_string;
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use rows::{Rows, fields};
use std::borrow::Cow;

/// Comma-separated values, or others, under a row of names. Every value is a text; a field that is
/// empty and not even quoted is a member that is not there.
pub(crate) struct Csv {
    rows: Framer<Rows>,
    delimiter: u8,
    /// The names as JSON keys, each with its colon.
    names: Vec<String>,
}

impl Csv {
    pub fn new(head: Vec<u8>, stream: Stream) -> Self {
        let delimiter = delimiter(&head, stream.ended()).unwrap_or(b',');
        Csv { rows: Framer::new(head, stream, Rows::new(delimiter)), delimiter, names: Vec::new() }
    }

    fn keys(&self, header: &str) -> Vec<String> {
        let key = |name: &str| {
            let mut key = String::new();
            write_string(&mut key, name);
            key + ":"
        };
        fields(header, self.delimiter).map(|field| key(field.text.trim())).collect()
    }

    fn document(&self, row: &str, out: &mut String) -> usize {
        out.push('{');
        let mut count = 0;
        let mut empty = true;
        for field in fields(row, self.delimiter) {
            if let Some(name) = self.names.get(count)
                && (field.quoted || !field.text.is_empty())
            {
                if !std::mem::replace(&mut empty, false) {
                    out.push(',');
                }
                out.push_str(name);
                write_string(out, &field.text);
            }
            count += 1;
        }
        out.push('}');
        count
    }
}

impl Container for Csv {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        loop {
            let Some(mut chunk) = self.rows.next_chunk(problems)? else { return Ok(None) };
            if self.names.is_empty() && !chunk.records.is_empty() {
                let header = chunk.records.remove(0);
                self.names = self.keys(chunk.text.get(header.raw).unwrap_or(""));
            }
            for record in &mut chunk.records {
                record.number -= 1;
            }
            chunk.make_documents(|record, row, out| {
                let (count, names) = (self.document(row, out), self.names.len());
                if count != names {
                    let message =
                        format!("this row has {count} fields, the row of names {names}; kept as far as it goes");
                    problems.at_line(ProblemKind::Malformed, record.line, record.number, message);
                }
                true
            });
            if !chunk.records.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }
}

/// The values of a row.
pub(crate) fn values(row: &str, delimiter: char) -> impl Iterator<Item = Cow<'_, str>> {
    fields(row, u8::try_from(delimiter).unwrap_or(b',')).map(|field| field.text)
}

/// What separates the fields of a text that is a table under a row of names.
pub(crate) fn delimiter(head: &[u8], whole: bool) -> Option<u8> {
    // The cut may have gone through a character.
    let text = String::from_utf8_lossy(head);
    let columns = |delimiter| Some((header::columns(&text, delimiter, whole)?, delimiter));
    let most = b",\t;| ".iter().copied().filter_map(columns).max_by_key(|(count, _)| *count);
    most.map(|(_, delimiter)| delimiter)
}
