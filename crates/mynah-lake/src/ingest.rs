//! Logs into a lake, each record once.
//!
//! Records are collected until there are enough of them for files of a good size, and then written table by table. A table's commit has
//! its rows and, for each of their files, the number of the last record, so that whoever is killed between two tables leaves each of
//! them at a place of its own, from which the next one goes on. A file gets its number before its first record is written, and is done
//! when all of its tables have the last one.
use crate::error::LakeError;
use crate::files::{Files, KnownFile, Standing};
use crate::lake::Lake;
use crate::rows::TableRows;
use mynah_engine::Engine;
use mynah_event::{LogSource, Record};
use mynah_source::{Chunk, DataProblem, InputFile, JsonError, JsonIndex, Members, ProblemKind, SourceError};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// How many files' records are collected together.
const BATCH_FILES: usize = 1000;
/// How many problems of a file are kept, as many as its reader keeps.
const KEPT: usize = 16;

/// What an [`ingest`] can be told.
#[derive(Debug, Clone, Copy)]
pub struct IngestOptions {
    /// How many bytes of records are collected before they are written: 96 MiB. Of each day and log source among them a file is
    /// written, so that more of them make larger files, and take about four times as much memory.
    pub batch_bytes: usize,
}

impl Default for IngestOptions {
    fn default() -> Self {
        IngestOptions { batch_bytes: 96 << 20 }
    }
}

/// What an [`ingest`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// How many records were written.
    pub records: u64,
    /// How many of each log source.
    pub sources: BTreeMap<LogSource, u64>,
    /// On how many days they happened.
    pub days: usize,
    /// How many of them are kept as they are, without values, since their JSON is broken.
    pub broken: u64,
    /// How many files were read to their end.
    pub files: usize,
    /// How many were in the lake before.
    pub known: usize,
    /// How many bytes of files were read, as they are stored.
    pub bytes_in: u64,
    /// How many bytes the records are in the lake.
    pub bytes_out: u64,
    /// How many problems the data had.
    pub problem_count: u64,
    /// The first few of each file.
    pub problems: Vec<DataProblem>,
}

/// Writes the records of an engine's files into a lake, but for those that are there. The engine's progress tells how far it is.
///
/// A file is known by where it is, its size and what its ends are: if it is wholly in the lake it is not read again, and if it has grown
/// only what comes behind is. What is wrong with a file does not stop the others.
///
/// ```
/// use mynah_engine::{Engine, Options};
/// use mynah_lake::{IngestOptions, Lake, ingest};
///
/// let folder = tempfile::tempdir()?;
/// let lake = Lake::create(folder.path())?;
/// let engine = Engine::new(Options::default(), &["../../examples/logs".to_owned()])?;
/// let done = ingest(&engine, &lake, IngestOptions::default())?;
/// assert!(done.records > 0 && done.files > 0 && done.known == 0);
/// let again = ingest(&engine, &lake, IngestOptions::default())?;
/// assert_eq!((again.records, again.known), (0, done.files));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the lake cannot be written to. What was written before stays, and the next time goes on from there.
pub fn ingest(engine: &Engine, lake: &Lake, options: IngestOptions) -> Result<Ingested, LakeError> {
    let mut run = Run {
        engine,
        lake,
        options,
        files: Files::read(lake)?,
        tables: BTreeMap::new(),
        batch: Vec::new(),
        bytes: 0,
        days: BTreeSet::new(),
        ingested: Ingested::default(),
        index: JsonIndex::default(),
        members: Members::default(),
    };
    if engine.files_read().len() < engine.files().len() {
        return Err(LakeError::OfLake);
    }
    for file in engine.files_read() {
        run.file(file)?;
    }
    run.write()?;
    Ok(run.ingested)
}

struct Run<'l> {
    engine: &'l Engine,
    lake: &'l Lake,
    options: IngestOptions,
    files: Files<'l>,
    /// By the log source's index among the recogniser's.
    tables: BTreeMap<usize, TableRows<'l>>,
    /// The files that the collected records are of.
    batch: Vec<BatchFile>,
    /// How many bytes of records are collected.
    bytes: usize,
    days: BTreeSet<i32>,
    ingested: Ingested,
    index: JsonIndex,
    members: Members,
}

/// A file of a batch.
struct BatchFile {
    file: KnownFile,
    /// Whether it has a number in the lake.
    is_numbered: bool,
    /// How many records it has, once it was read to its end.
    records: Option<u64>,
}

impl BatchFile {
    fn number(&self) -> Option<u32> {
        self.is_numbered.then_some(self.file.number)
    }
}

impl Run<'_> {
    fn file(&mut self, input: &InputFile) -> Result<(), LakeError> {
        let standing = match self.files.standing(input) {
            Ok(standing) => standing,
            Err(error) => {
                self.problem(input, ProblemKind::Unreadable, None, format!("cannot be opened: {error}"));
                return Ok(());
            }
        };
        let (file, is_numbered) = match standing {
            Standing::Done => {
                self.ingested.known += 1;
                return Ok(());
            }
            Standing::Begun(file) => (file, true),
            Standing::New(file) => (file, false),
        };
        if is_numbered {
            // Tables that are met later are looked at then.
            self.tables.values_mut().try_for_each(|table| table.resume(file.number))?;
        }
        self.batch.push(BatchFile { file, is_numbered, records: None });
        match self.read(input)? {
            Ok(records) => {
                self.ingested.files += 1;
                if let Some(file) = self.batch.last_mut() {
                    file.records = Some(records);
                }
            }
            Err(error) => self.problem(input, ProblemKind::Unreadable, None, said(&error)),
        }
        if self.batch.len() >= BATCH_FILES {
            self.write()?;
        }
        Ok(())
    }

    /// Collects a file's records; gives how many it has, or why it cannot be read to its end.
    fn read(&mut self, input: &InputFile) -> Result<Result<u64, SourceError>, LakeError> {
        let mut reader = match self.engine.reader(input) {
            Ok(reader) => reader,
            Err(error) => return Ok(Err(error)),
        };
        let mut records = 0;
        let mut known = 0;
        let end = loop {
            let chunk = match reader.next_chunk() {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            records += chunk.records.len() as u64;
            for record in &chunk.records {
                self.record(input, &chunk, record)?;
            }
            let read = reader.bytes_read().saturating_sub(known);
            self.engine.progress().add(read, chunk.records.len() as u64);
            self.ingested.bytes_in += read;
            known += read;
            if self.bytes >= self.options.batch_bytes {
                self.write()?;
            }
        };
        self.ingested.bytes_in += reader.bytes_read().saturating_sub(known);
        self.ingested.problem_count += reader.problem_count();
        self.ingested.problems.extend(reader.problems().iter().cloned());
        Ok(end.map(|()| records))
    }

    fn record(&mut self, input: &InputFile, chunk: &Chunk, record: &Record) -> Result<(), LakeError> {
        let recogniser = self.engine.recogniser();
        let document = self.index.of(chunk.document(record));
        let forced = input.source.as_ref().and_then(|log_source| recogniser.index(log_source));
        let found = recogniser.recognise_as(forced, document, &mut self.members);
        let table = match self.tables.entry(found.source) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let Some(definition) = recogniser.sources().get(found.source) else { return Ok(()) };
                let mut table = TableRows::new(self.lake, self.engine, definition)?;
                for number in self.batch.iter().filter_map(BatchFile::number) {
                    table.resume(number)?;
                }
                new.insert(table)
            }
        };
        let Some(file) = self.batch.last() else { return Ok(()) };
        if table.has(file.number(), record.number) {
            return Ok(());
        }
        // There are fewer than two to the thirty-second in a batch.
        let number = (self.batch.len() - 1) as u32;
        self.bytes += record.raw.len() + if record.raw == record.document { 0 } else { record.document.len() };
        if let Err(error) = table.add(number, (chunk, record), found.shape, document, &self.members) {
            let kind = if error == JsonError::TooDeep { ProblemKind::TooDeep } else { ProblemKind::Malformed };
            self.ingested.broken += 1;
            self.problem(input, kind, Some(record), error.to_string());
        }
        Ok(())
    }

    /// Writes what is collected, and begins a new batch with the file that is being read, if it goes on.
    fn write(&mut self) -> Result<(), LakeError> {
        let new: Vec<KnownFile> =
            self.batch.iter().filter(|file| !file.is_numbered).map(|file| file.file.clone()).collect();
        let mut numbered = self.files.note(&new, &[])?.into_iter();
        for file in self.batch.iter_mut().filter(|file| !file.is_numbered) {
            let Some((known, is_shared)) = numbered.next() else { continue };
            if is_shared {
                self.tables.values_mut().try_for_each(|table| table.resume(known.number))?;
            }
            (file.file, file.is_numbered) = (known, true);
        }
        let numbers: Vec<u32> = self.batch.iter().map(|file| file.file.number).collect();
        for (source, table) in &mut self.tables {
            if table.is_empty() {
                continue;
            }
            let written = table.write(&numbers)?;
            self.ingested.records += written.records;
            self.ingested.bytes_out += written.bytes;
            self.days.extend(written.days);
            if let Some(definition) = self.engine.recogniser().sources().get(*source) {
                *self.ingested.sources.entry(definition.log_source().clone()).or_default() += written.records;
            }
        }
        self.ingested.days = self.days.len();
        self.bytes = 0;
        let is_done = |file: &BatchFile| file.records.map(|_| KnownFile { records: file.records, ..file.file.clone() });
        let done: Vec<KnownFile> = self.batch.iter().filter_map(is_done).collect();
        self.files.note(&[], &done)?;
        // The file that is being read is the last one: the next batch begins with it.
        let last = self.batch.pop().filter(|file| file.records.is_none());
        self.batch.clear();
        self.batch.extend(last);
        Ok(())
    }

    fn problem(&mut self, input: &InputFile, kind: ProblemKind, record: Option<&Record>, message: String) {
        self.ingested.problem_count += 1;
        let of_file = self.ingested.problems.iter().filter(|problem| problem.file == input.path).count();
        if of_file < KEPT {
            let (line, record) = (record.map(|record| record.line), record.map(|record| record.number));
            self.ingested.problems.push(DataProblem { file: input.path.clone(), line, record, kind, message });
        }
    }
}

/// What is wrong with a file, without its name.
fn said(error: &SourceError) -> String {
    let message = |error: &io::Error, what: &str| format!("{what}: {error}");
    match error {
        SourceError::Open { source, .. } => message(source, "cannot be opened"),
        SourceError::Read { source, .. } => message(source, "cannot be read to its end"),
        SourceError::NotLogs { found, .. } => format!("in no form that Mynah reads ({found})"),
        SourceError::Damaged { message, .. } => message.clone(),
    }
}
