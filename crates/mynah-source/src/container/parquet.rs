use crate::bytes::Meter;
use crate::container::{Container, into_chunk};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use datafusion::arrow::json::LineDelimitedWriter;
use memchr::memchr_iter;
use mynah_event::Record;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// How many rows to take at a time.
const ROWS: usize = 2048;

/// Parquet: each row becomes a JSON object, without the columns that are null in it. Read row group
/// by row group, so that a damaged one costs no other.
pub(crate) struct Parquet {
    file: File,
    meter: Meter,
    /// The sizes of the row groups, in rows and in bytes.
    groups: Vec<(u64, u64)>,
    /// The row group to read next.
    next: usize,
    rows: Option<ParquetRecordBatchReader>,
    /// The number of the row read last.
    number: u64,
    /// The number of the last row of the group under way.
    group_end: u64,
}

impl Parquet {
    pub fn new(file: File, path: &Path, meter: Meter) -> Result<Self, SourceError> {
        let damaged = |message: String| SourceError::Damaged { file: path.to_owned(), message };
        let copy = file.try_clone().map_err(|source| SourceError::Read { file: path.to_owned(), source })?;
        let builder = catch_unwind(AssertUnwindSafe(|| ParquetRecordBatchReaderBuilder::try_new(copy)))
            .map_err(|_| damaged("the Parquet footer is damaged beyond decoding".into()))?
            .map_err(|error| damaged(format!("the Parquet footer is damaged: {error}")))?;
        let groups = builder.metadata().row_groups().iter();
        let groups =
            groups.map(|g| (u64::try_from(g.num_rows()).unwrap_or(0), u64::try_from(g.compressed_size()).unwrap_or(0)));
        meter.restart();
        Ok(Parquet { groups: groups.collect(), file, meter, next: 0, rows: None, number: 0, group_end: 0 })
    }

    /// Starts on the next row group, if there is one.
    fn advance(&mut self) -> Option<Result<(), String>> {
        let (rows, bytes) = *self.groups.get(self.next)?;
        let group = self.next;
        self.next += 1;
        self.number = self.group_end;
        self.group_end += rows;
        self.meter.add_bytes(bytes);
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let file = self.file.try_clone().map_err(|error| error.to_string())?;
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
            builder.with_row_groups(vec![group]).with_batch_size(ROWS).build().map_err(|error| error.to_string())
        }));
        Some(match opened.unwrap_or_else(|_| Err("it cannot be decoded".into())) {
            Ok(rows) => {
                self.rows = Some(rows);
                Ok(())
            }
            Err(message) => Err(message),
        })
    }

    /// The next rows of the group under way, as lines of JSON.
    fn batch(rows: &mut ParquetRecordBatchReader) -> Option<Result<Vec<u8>, String>> {
        let made = catch_unwind(AssertUnwindSafe(|| {
            let batch = match rows.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error.to_string())),
            };
            let mut text = Vec::new();
            let mut writer = LineDelimitedWriter::new(&mut text);
            let written = writer.write(&batch).and_then(|()| writer.finish());
            drop(writer);
            Some(written.map(|()| text).map_err(|error| error.to_string()))
        }));
        made.unwrap_or_else(|_| Some(Err("it cannot be decoded".into())))
    }
}

impl Container for Parquet {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        loop {
            let failed = match self.rows.as_mut().and_then(Self::batch) {
                Some(Ok(text)) => {
                    let mut records = Vec::new();
                    let mut start = 0;
                    for end in memchr_iter(b'\n', &text) {
                        self.number += 1;
                        let all = start..end;
                        records.push(Record {
                            number: self.number,
                            line: self.number,
                            document: all.clone(),
                            raw: all,
                        });
                        start = end + 1;
                    }
                    if records.is_empty() {
                        continue;
                    }
                    return Ok(Some(into_chunk(text, records, problems)));
                }
                Some(Err(message)) => Some(message),
                None => match self.advance() {
                    None => return Ok(None),
                    Some(Ok(())) => None,
                    Some(Err(message)) => Some(message),
                },
            };
            if let Some(message) = failed {
                self.rows = None;
                let (from, to) = (self.number + 1, self.group_end);
                let message =
                    format!("a row group of the Parquet file is damaged, its rows {from} to {to} are lost: {message}");
                problems.of_file(ProblemKind::Damaged, message);
            }
        }
    }
}
