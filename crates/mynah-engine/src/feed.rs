//! Handing out the chunks of a run's files to several workers.
use crate::extract::JsonError;
use crate::scan::Data;
use mynah_event::Record;
use mynah_source::{Chunk, DataProblem, InputFile, ProblemKind, Reader, SourceError};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// The files of one scan. Each worker opens a file of its own while there are any left, and helps with
/// another's after that: whoever holds a file's lock cuts the next chunk out of it, and looks into it without the
/// lock. So records have the same numbers however many workers there are.
///
/// What is wrong with the data is noted here, and passed on when the scan is over.
#[derive(Debug)]
pub(crate) struct Feed {
    data: Data,
    /// The next file that nobody has opened.
    next: AtomicU32,
    open: Mutex<Vec<Arc<OpenFile>>>,
    trouble: Mutex<BTreeMap<u32, Trouble>>,
}

struct OpenFile {
    number: u32,
    reader: Mutex<Option<Reader>>,
}

/// How many problems of one file are kept, as many as its reader keeps.
const KEPT: usize = 16;

/// What is wrong with one file.
#[derive(Debug, Default)]
struct Trouble {
    count: u64,
    kept: Vec<DataProblem>,
}

/// Some records of one file.
pub(crate) struct FileChunk {
    /// The file's number among the run's files.
    pub file: u32,
    pub chunk: Chunk,
}

/// A worker's place.
#[derive(Default)]
pub(crate) struct Worker {
    own: Option<Arc<OpenFile>>,
}

impl Feed {
    pub fn new(data: Data) -> Self {
        Feed { data, next: AtomicU32::new(0), open: Mutex::default(), trouble: Mutex::default() }
    }

    /// Only one file, for whoever reads files one by one.
    pub fn of_file(data: Data, file: u32) -> (Self, Worker) {
        let feed = Feed::new(data);
        feed.next.store(u32::MAX, Ordering::Relaxed);
        let own = feed.open(file);
        (feed, Worker { own })
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The next chunk for a worker; none when all files are read.
    pub fn next(&self, worker: &mut Worker) -> Option<FileChunk> {
        loop {
            let file = worker.own.take().or_else(|| self.open_next()).or_else(|| self.any_open())?;
            match self.cut(&file) {
                Some(chunk) => {
                    let number = file.number;
                    worker.own = Some(file);
                    return Some(FileChunk { file: number, chunk });
                }
                None => lock(&self.open).retain(|open| open.number != file.number),
            }
        }
    }

    /// The next chunk of a file; none at its end.
    fn cut(&self, file: &OpenFile) -> Option<Chunk> {
        let mut place = lock(&file.reader);
        let reader = place.as_mut()?;
        let before = reader.bytes_read();
        let next = reader.next_chunk();
        let bytes = reader.bytes_read().saturating_sub(before);
        match next {
            Ok(Some(chunk)) => {
                self.data.progress.add(bytes, chunk.records.len() as u64);
                return Some(chunk);
            }
            Ok(None) => {}
            Err(error) => self.file_problem(file.number, &error),
        }
        self.data.progress.add(bytes, 0);
        let mut trouble = lock(&self.trouble);
        let trouble = trouble.entry(file.number).or_default();
        trouble.count += reader.problem_count();
        trouble.kept.extend(reader.problems().iter().cloned());
        *place = None;
        None
    }

    fn open_next(&self) -> Option<Arc<OpenFile>> {
        loop {
            let number = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                ((next as usize) < self.data.files.len()).then(|| next + 1)
            });
            if let Some(file) = self.open(number.ok()?) {
                return Some(file);
            }
        }
    }

    fn open(&self, number: u32) -> Option<Arc<OpenFile>> {
        match Reader::open(self.data.files.get(number as usize)?) {
            Ok(reader) => {
                let file = Arc::new(OpenFile { number, reader: Mutex::new(Some(reader)) });
                lock(&self.open).push(Arc::clone(&file));
                Some(file)
            }
            Err(error) => {
                self.file_problem(number, &error);
                None
            }
        }
    }

    fn any_open(&self) -> Option<Arc<OpenFile>> {
        lock(&self.open).first().cloned()
    }

    fn file_problem(&self, file: u32, error: &SourceError) {
        // Folders are searched for logs; a file that gets here was named by the user, or was a log a moment ago.
        // A problem names its file itself.
        let message = match error {
            SourceError::Open { source, .. } => format!("cannot be opened: {source}"),
            SourceError::Read { source, .. } => format!("cannot be read to its end: {source}"),
            SourceError::NotLogs { found, .. } => format!(
                "in no form that Mynah reads ({found}): NDJSON, JSON, EVTX, Windows XML, auditd text, CSV or Parquet, plain, gzip or zstd"
            ),
            SourceError::Damaged { message, .. } => message.clone(),
        };
        self.problem(file, ProblemKind::Unreadable, None, None, message);
    }

    /// Notes a record whose JSON is broken.
    pub fn record_problem(&self, file: u32, record: &Record, error: JsonError) {
        let kind = if error == JsonError::TooDeep { ProblemKind::TooDeep } else { ProblemKind::Malformed };
        self.problem(file, kind, Some(record.line), Some(record.number), error.to_string());
    }

    fn problem(&self, file: u32, kind: ProblemKind, line: Option<u64>, record: Option<u64>, message: String) {
        let Some(path) = self.file(file).map(|file| file.path.clone()) else { return };
        let mut trouble = lock(&self.trouble);
        let trouble = trouble.entry(file).or_default();
        trouble.count += 1;
        if trouble.kept.len() < KEPT {
            trouble.kept.push(DataProblem { file: path, line, record, kind, message });
        }
    }

    /// The file of a number.
    pub fn file(&self, number: u32) -> Option<&InputFile> {
        self.data.files.get(number as usize)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Readers that nobody read to the end have noticed something too.
        for file in std::mem::take(&mut *lock(&self.open)) {
            if let Some(reader) = lock(&file.reader).as_ref() {
                let mut trouble = lock(&self.trouble);
                let trouble = trouble.entry(file.number).or_default();
                trouble.count += reader.problem_count();
                trouble.kept.extend(reader.problems().iter().cloned());
            }
        }
        for (number, mut trouble) in std::mem::take(&mut *lock(&self.trouble)) {
            if let Some(file) = self.file(number) {
                trouble.kept.sort_by_key(|problem| (problem.line, problem.record));
                trouble.kept.truncate(KEPT);
                self.data.progress.problems(&file.path, trouble.count, trouble.kept);
            }
        }
    }
}

/// A lock whose holder panicked guards nothing that could be half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl std::fmt::Debug for OpenFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenFile({})", self.number)
    }
}
