//! Reading a lake as the files that were ingested would be read.
use crate::columns::{DOCUMENT, FILE, RAW, RECORD, TIME};
use crate::error::LakeError;
use crate::files::Files;
use crate::lake::{Lake, events_of};
use crate::object_file::ObjectFile;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int32Type, Int64Type};
use deltalake_core::kernel::LogicalFileView;
use mynah_engine::{Store, StorePart};
use mynah_event::{EventId, LogSource, Record, Timestamp};
use mynah_source::{Chunk, InputFile, MakeChunk, Reader, SourceError};
use object_store::path::Path as ObjectPath;
use serde_json::Value;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

impl Lake {
    /// All that is in the lake now, for an engine to read: [`mynah_engine::Options::stores`]. What comes into it later is not read.
    ///
    /// ```
    /// use mynah_engine::{Engine, Options};
    /// use mynah_lake::{IngestOptions, Lake, ingest};
    /// use std::sync::Arc;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let lake = Lake::create(folder.path())?;
    /// let logs = Engine::new(Options::default(), &["../../examples/logs".to_owned()])?;
    /// ingest(&logs, &lake, IngestOptions::default())?;
    /// let stores: Vec<Arc<dyn mynah_engine::Store>> = vec![Arc::new(lake.read()?)];
    /// let engine = Engine::over(Options { stores, ..Options::default() }, Vec::new(), Vec::new())?;
    /// assert_eq!(engine.now()?, logs.now()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where its tables cannot be read, or are not what Mynah writes.
    pub fn read(&self) -> Result<LakeReader, LakeError> {
        let files: Vec<InputFile> = Files::read(self)?.numbered();
        let mut parts = Vec::new();
        let mut places = Vec::new();
        for log_source in self.log_sources()? {
            let name = events_of(&log_source);
            let Some(table) = self.table(&name)? else { continue };
            let snapshot = table.snapshot().map_err(LakeError::of_table(&name))?;
            for view in snapshot.log_data().iter() {
                let place = ObjectPath::from(format!("{name}/{}", view.path()));
                if view.deletion_vector_descriptor().is_some() {
                    let message =
                        format!("{place} has rows that were deleted by a deletion vector, which Mynah does not read");
                    return Err(LakeError::Foreign { table: name, message });
                }
                parts.push(self.part(&log_source, &view, &place, files.len()));
                places.push(place);
            }
        }
        Ok(LakeReader { lake: self.clone(), files, parts, places })
    }

    fn part(&self, log_source: &LogSource, view: &LogicalFileView, place: &ObjectPath, files: usize) -> StorePart {
        let statistics: Value = view.stats().and_then(|stats| serde_json::from_str(&stats).ok()).unwrap_or_default();
        let of = |ends: &str, column: &str| statistics.get(ends).and_then(|ends| ends.get(column)).cloned();
        let time = |ends| of(ends, TIME).and_then(|text| Timestamp::parse(text.as_str()?).ok());
        let file = |ends| of(ends, FILE).and_then(|number| u32::try_from(number.as_u64()?).ok());
        let last = u32::try_from(files).unwrap_or(u32::MAX);
        StorePart {
            path: self.root().join(place.as_ref()),
            size: u64::try_from(view.size()).unwrap_or(0),
            log_source: log_source.clone(),
            times: time("minValues").zip(time("maxValues")),
            files: (file("minValues").unwrap_or(0), file("maxValues").unwrap_or(last)),
        }
    }
}

/// A lake as it was at one moment.
#[derive(Debug)]
pub struct LakeReader {
    lake: Lake,
    files: Vec<InputFile>,
    parts: Vec<StorePart>,
    /// Where the parts are, in their order.
    places: Vec<ObjectPath>,
}

impl Store for LakeReader {
    fn files(&self) -> &[InputFile] {
        &self.files
    }

    fn parts(&self) -> &[StorePart] {
        &self.parts
    }

    fn open(&self, part: usize) -> Result<Reader, SourceError> {
        let (Some(known), Some(place)) = (self.parts.get(part), self.places.get(part)) else {
            let source = io::Error::new(io::ErrorKind::NotFound, "no such part of the lake");
            return Err(SourceError::Open { file: PathBuf::new(), source });
        };
        let path = known.path.clone();
        let file = ObjectFile::new(&self.lake, place.clone(), known.size);
        let metadata = file.metadata().map_err(|error| match error {
            parquet::errors::ParquetError::External(source) => {
                SourceError::Open { file: path.clone(), source: io::Error::other(source) }
            }
            error => SourceError::Damaged { file: path.clone(), message: format!("the file is damaged: {error}") },
        })?;
        let sizes = metadata.metadata().row_groups().iter().map(|group| group.compressed_size());
        let sizes: Vec<u64> = sizes.map(|size| u64::try_from(size).unwrap_or(0)).collect();
        let files = Arc::new(self.files.len());
        let pieces = sizes.into_iter().enumerate().map(move |(group, size)| {
            let (file, metadata, files) = (file.clone(), metadata.clone(), Arc::clone(&files));
            let make: MakeChunk = Box::new(move || {
                let columns = [FILE, RECORD, RAW, DOCUMENT];
                let batches = file.group(&metadata, group, Some(&columns)).map_err(io::Error::other)?;
                chunk(&batches, *files).ok_or_else(|| io::Error::other("its rows are not those of events"))
            });
            (size, make)
        });
        Ok(Reader::of_pieces(&path, pieces))
    }
}

/// The records of some rows; none where the rows are something else, or of files that there are not.
fn chunk(batches: &[RecordBatch], files: usize) -> Option<Chunk> {
    let mut chunk = Chunk::default();
    for batch in batches {
        let file = batch.column_by_name(FILE)?.as_primitive_opt::<Int32Type>()?;
        let number = batch.column_by_name(RECORD)?.as_primitive_opt::<Int64Type>()?;
        // Another engine that rewrote the file may have chosen another kind of text.
        let texts = |name| batch.column_by_name(name).map(|column| cast(column, &DataType::Utf8)).transpose().ok();
        let (raw, document) = (texts(RAW)??, texts(DOCUMENT)?);
        let raw = raw.as_string_opt::<i32>()?;
        let document = document.as_ref().and_then(|column| column.as_string_opt::<i32>());
        chunk.records.reserve(batch.num_rows());
        chunk.text.reserve(raw.values().len() + document.map_or(0, |document| document.values().len()));
        let id = |row: usize| {
            let file = u32::try_from(file.value(row)).ok().filter(|file| (*file as usize) < files)?;
            EventId::new(file, u64::try_from(number.value(row)).ok()?).ok()
        };
        let mut rows: Vec<(EventId, usize)> =
            (0..batch.num_rows()).map(|row| Some((id(row)?, row))).collect::<Option<_>>()?;
        // In the order in which the files have them, which is what the file would give.
        rows.sort_unstable();
        for (id, row) in rows {
            let start = chunk.text.len();
            chunk.text.push_str(raw.value(row));
            let middle = chunk.text.len();
            let document = document.filter(|document| document.is_valid(row)).map(|document| {
                chunk.text.push_str(document.value(row));
                middle..chunk.text.len()
            });
            chunk.records.push(Record {
                number: id.0,
                line: id.record(),
                document: document.unwrap_or(start..middle),
                raw: start..middle,
            });
        }
    }
    Some(chunk)
}
