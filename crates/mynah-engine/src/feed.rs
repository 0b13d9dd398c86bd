//! Handing out the records of a run's files to several workers.
use crate::scan::Data;
use crate::units::Unit;
use mynah_event::Record;
use mynah_source::{Chunk, DataProblem, InputFile, JsonError, Part, Piece, ProblemKind, Reader, SourceError};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The files that one scan reads in one task. Each worker opens a file of its own while there are any left, and helps with
/// another's after that. Whoever holds a file's lock takes the next piece of it, and reads and cuts it without
/// the lock; numbers are given to the records in the order of the pieces, so that they are the same however many
/// workers there are.
///
/// What is wrong with the data is noted here, and passed on when the scan is over.
#[derive(Debug)]
pub(crate) struct Feed {
    data: Data,
    files: Mutex<Files>,
    /// When files came, or one was opened, or could not be.
    changed: Condvar,
    trouble: Mutex<BTreeMap<u32, Trouble>>,
}

#[derive(Debug, Default)]
struct Files {
    /// The files that nobody has opened, by number.
    waiting: VecDeque<Unit>,
    /// The partitions whose files have not come.
    absent: BTreeSet<usize>,
    /// How many workers are about to open one.
    opening: usize,
    open: Vec<Arc<OpenFile>>,
}

struct OpenFile {
    unit: Unit,
    state: Mutex<Reading>,
    /// When another piece was settled.
    settled: Condvar,
}

struct Reading {
    /// None when all there is to know of it was passed on.
    reader: Option<Reader>,
    /// How many pieces were taken, and how many of them settled.
    taken: u64,
    settled: u64,
    /// Whether there is nothing more to take.
    ended: bool,
    /// Whether a worker died with a piece of it.
    abandoned: bool,
    /// How many bytes of it the progress knows of.
    reported: u64,
}

/// How many problems of one file are kept, as many as its reader keeps.
const KEPT: usize = 16;

/// How long a worker that has nothing to do waits for partitions whose files have not come. An engine may run them
/// elsewhere or later.
const PATIENCE: Duration = Duration::from_millis(50);

/// What is wrong with one file.
#[derive(Debug)]
struct Trouble {
    file: Arc<InputFile>,
    count: u64,
    kept: Vec<DataProblem>,
}

/// Some records of one file.
pub(crate) struct FileChunk {
    pub unit: Unit,
    pub chunk: Chunk,
}

/// A worker's place.
#[derive(Default)]
pub(crate) struct Worker {
    own: Option<Arc<OpenFile>>,
    /// What it was given last: its memory serves for the next.
    given: Option<FileChunk>,
    /// Memory of what it took before.
    spares: Vec<Chunk>,
}

impl Worker {
    /// Gives chunks back that it [took](Feed::take).
    pub fn give_back(&mut self, chunks: impl IntoIterator<Item = FileChunk>) {
        self.spares.extend(chunks.into_iter().map(|given| given.chunk));
    }
}

impl Feed {
    /// All files of the data.
    pub fn new(data: Data) -> Self {
        let units = data.units().collect();
        Feed::of_units(data, units)
    }

    /// These of the data.
    pub fn of_units(data: Data, waiting: VecDeque<Unit>) -> Self {
        let files = Files { waiting, ..Files::default() };
        Feed { data, files: Mutex::new(files), changed: Condvar::new(), trouble: Mutex::default() }
    }

    /// No files before some [come](Feed::come), which those of these partitions will.
    pub fn awaiting(data: Data, partitions: BTreeSet<usize>) -> Self {
        let files = Mutex::new(Files { absent: partitions, ..Files::default() });
        Feed { data, files, changed: Condvar::new(), trouble: Mutex::default() }
    }

    /// The files of a partition come.
    pub fn come(&self, partition: usize, units: Vec<Unit>) {
        let mut files = lock(&self.files);
        files.absent.remove(&partition);
        files.waiting.extend(units);
        files.waiting.make_contiguous().sort_by_key(|unit| unit.number);
        self.changed.notify_all();
    }

    /// Whether all partitions came, and all of their files were handed out.
    pub fn is_complete(&self) -> bool {
        let files = lock(&self.files);
        files.absent.is_empty() && files.waiting.is_empty() && files.opening == 0
    }

    /// Only one file, for whoever reads files one by one.
    pub fn of_file(data: Data, number: u32) -> Self {
        let unit = data.read().get(number as usize).map(|file| Unit::of_file(number, file));
        Feed::of_units(data, unit.into_iter().collect())
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The next chunk for a worker, instead of the one it had; none when all files are read.
    pub fn next<'w>(&self, worker: &'w mut Worker) -> Option<&'w FileChunk> {
        loop {
            let file = worker.own.take().or_else(|| self.any_file())?;
            let Some(turn) = file.take(self) else {
                lock(&self.files).open.retain(|open| !Arc::ptr_eq(open, &file));
                continue;
            };
            let spare = worker.given.take().map(|given| given.chunk).or_else(|| worker.spares.pop());
            let spare = spare.unwrap_or_default();
            let chunk = turn.settle(self, spare).unwrap_or_default();
            let unit = file.unit.clone();
            worker.own = Some(file);
            let given = worker.given.insert(FileChunk { unit, chunk });
            if !given.chunk.records.is_empty() {
                break;
            }
        }
        worker.given.as_ref()
    }

    /// The next chunk for a worker, to keep as long as it likes.
    pub fn take(&self, worker: &mut Worker) -> Option<FileChunk> {
        self.next(worker)?;
        worker.given.take()
    }

    /// A file that nobody has opened, or else one that others are reading.
    fn any_file(&self) -> Option<Arc<OpenFile>> {
        let mut files = lock(&self.files);
        let mut until: Option<Instant> = None;
        loop {
            if let Some(unit) = files.waiting.pop_front() {
                files.opening += 1;
                drop(files);
                let file = self.open(unit);
                files = lock(&self.files);
                files.opening -= 1;
                files.open.extend(file.clone());
                self.changed.notify_all();
                if file.is_some() {
                    return file;
                }
            } else if let Some(file) = files.open.first() {
                return Some(Arc::clone(file));
            } else if files.opening > 0 {
                files = self.changed.wait(files).unwrap_or_else(|poisoned| poisoned.into_inner());
            } else if files.absent.is_empty() {
                return None;
            } else {
                let until = *until.get_or_insert_with(|| Instant::now() + PATIENCE);
                let left = until.checked_duration_since(Instant::now())?;
                let waited = self.changed.wait_timeout(files, left);
                files = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            }
        }
    }

    fn open(&self, unit: Unit) -> Option<Arc<OpenFile>> {
        match unit.open(self.data.recogniser.texts()) {
            Ok(reader) => Some(Arc::new(OpenFile::new(unit, reader))),
            Err(error) => {
                self.file_problem(&unit, &error);
                None
            }
        }
    }

    /// Passes on what a reader noticed.
    fn reader_problems(&self, unit: &Unit, reader: &Reader) {
        self.trouble(unit, |trouble| {
            trouble.count += reader.problem_count();
            trouble.kept.extend(reader.problems().iter().cloned());
        });
    }

    fn file_problem(&self, unit: &Unit, error: &SourceError) {
        // Folders are searched for logs; a file that gets here was named by the user, or was a log a moment ago.
        // A problem names its file itself.
        let message = match error {
            SourceError::Open { source, .. } => format!("cannot be opened: {source}"),
            SourceError::Read { source, .. } => format!("cannot be read to its end: {source}"),
            SourceError::NotLogs { found, .. } => format!(
                "in no form that Mynah reads ({found}): JSON, EVTX, Windows XML, CSV, Parquet or text, plain, gzip, zstd, bzip2 or xz"
            ),
            SourceError::Damaged { message, .. } => message.clone(),
        };
        self.problem(unit, ProblemKind::Unreadable, None, None, message);
    }

    /// Notes a record whose JSON is broken.
    pub fn record_problem(&self, unit: &Unit, record: &Record, error: JsonError) {
        let kind = if error == JsonError::TooDeep { ProblemKind::TooDeep } else { ProblemKind::Malformed };
        let message = error.to_string();
        match &unit.stored {
            None => self.problem(unit, kind, Some(record.line), Some(record.number), message),
            // What is kept of a record is not which line of its file it was.
            Some(part) => {
                let Ok(id) = unit.id(record) else { return };
                let file = part.name_of(id.file()).into();
                self.add_problem(unit, DataProblem { file, line: None, record: Some(id.record()), kind, message });
            }
        }
    }

    fn problem(&self, unit: &Unit, kind: ProblemKind, line: Option<u64>, record: Option<u64>, message: String) {
        self.add_problem(unit, DataProblem { file: unit.file.path.clone(), line, record, kind, message });
    }

    fn add_problem(&self, unit: &Unit, problem: DataProblem) {
        self.trouble(unit, |trouble| {
            trouble.count += 1;
            if trouble.kept.len() < KEPT {
                trouble.kept.push(problem);
            }
        });
    }

    fn trouble(&self, unit: &Unit, add: impl FnOnce(&mut Trouble)) {
        let mut trouble = lock(&self.trouble);
        let new = || Trouble { file: Arc::clone(&unit.file), count: 0, kept: Vec::new() };
        add(trouble.entry(unit.number).or_insert_with(new));
    }

    /// Passes on what is known of the files by now.
    pub fn report(&self) {
        for trouble in lock(&self.trouble).values_mut() {
            trouble.kept.sort_by_key(|problem| (problem.line, problem.record));
            trouble.kept.truncate(KEPT);
            self.data.progress.problems(&trouble.file.path, trouble.count, trouble.kept.clone());
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Readers that nobody read to the end have noticed something too.
        for file in std::mem::take(&mut lock(&self.files).open) {
            if let Some(reader) = lock(&file.state).reader.take() {
                self.reader_problems(&file.unit, &reader);
            }
        }
        self.report();
    }
}

impl OpenFile {
    fn new(unit: Unit, reader: Reader) -> OpenFile {
        let reading =
            Reading { reader: Some(reader), taken: 0, settled: 0, ended: false, abandoned: false, reported: 0 };
        OpenFile { unit, state: Mutex::new(reading), settled: Condvar::new() }
    }

    /// Takes the next piece of the file; none at its end.
    fn take(&self, feed: &Feed) -> Option<Turn<'_>> {
        let mut state = lock(&self.state);
        if state.ended {
            return None;
        }
        match state.reader.as_mut()?.next_piece() {
            Ok(Some(piece)) => {
                state.taken += 1;
                return Some(Turn { file: self, number: state.taken - 1, piece: Some(piece) });
            }
            Ok(None) => {}
            Err(error) => feed.file_problem(&self.unit, &error),
        }
        state.ended = true;
        self.close(&mut state, feed);
        None
    }

    /// Passes on what is known of the file, if nobody is at work on it any more.
    fn close(&self, state: &mut Reading, feed: &Feed) {
        if !state.ended || state.settled < state.taken {
            return;
        }
        if let Some(reader) = state.reader.take() {
            feed.data.progress.add(reader.bytes_read().saturating_sub(state.reported), 0);
            feed.reader_problems(&self.unit, &reader);
        }
    }
}

/// A piece that a worker has taken, and when it is that one's turn to be settled.
struct Turn<'f> {
    file: &'f OpenFile,
    number: u64,
    piece: Option<Piece>,
}

impl Turn<'_> {
    /// Cuts the piece, waits until those before it are settled, and gives its records.
    fn settle(mut self, feed: &Feed, spare: Chunk) -> Option<Chunk> {
        let part: Part = self.piece.take()?.cut(spare);
        let mut state = lock(&self.file.state);
        while state.settled < self.number && !state.abandoned {
            state = self.file.settled.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        let reader = state.reader.as_mut()?;
        let settled = reader.finish(part);
        let bytes = reader.bytes_read();
        let chunk = match settled {
            Ok(chunk) => {
                feed.data.progress.add(bytes.saturating_sub(state.reported), chunk.records.len() as u64);
                state.reported = state.reported.max(bytes);
                Some(chunk)
            }
            Err(error) => {
                feed.file_problem(&self.file.unit, &error);
                state.ended = true;
                None
            }
        };
        state.settled += 1;
        self.file.close(&mut state, feed);
        drop(state);
        self.file.settled.notify_all();
        chunk
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Nobody may wait for a turn that will not come.
        if std::thread::panicking() {
            lock(&self.file.state).abandoned = true;
            self.file.settled.notify_all();
        }
    }
}

/// A lock whose holder panicked guards nothing that could be half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl std::fmt::Debug for OpenFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenFile({})", self.unit.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_source::Recogniser;
    use std::time::Duration;

    fn feed(files: Vec<InputFile>) -> Feed {
        let recogniser = Recogniser::built_in().unwrap();
        let (files, stored) = (files.into(), Default::default());
        Feed::new(Data { files, stored, recogniser, progress: Arc::default(), prefilter: true, newest: None })
    }

    /// The numbers of the records that a worker is given.
    fn work(feed: &Feed) -> Vec<u64> {
        let mut worker = Worker::default();
        let mut numbers = Vec::new();
        while let Some(from) = feed.next(&mut worker) {
            numbers.extend(from.chunk.records.iter().map(|record| record.number));
        }
        numbers
    }

    #[test]
    fn workers_share_a_file_and_its_records_keep_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.ndjson");
        std::fs::write(&path, "{\"a\":\"some text to make it long\"}\n".repeat(100_000)).unwrap();
        let feed = feed(vec![InputFile::new(path).unwrap()]);
        let workers = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| work(&feed))).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
        });
        let mut all = workers.concat();
        all.sort_unstable();
        assert_eq!(all, (1..=100_000).collect::<Vec<u64>>());
        assert_eq!(feed.data().progress.events(), 100_000);
        assert_eq!(feed.data().progress.bytes(), 34 * 100_000);
    }

    /// A worker that comes while another opens the only file helps to read it.
    #[cfg(unix)]
    #[test]
    fn a_worker_waits_for_a_file_that_is_being_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        // Opening a pipe takes until somebody writes to it.
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let feed = feed(vec![InputFile::new(&path).unwrap()]);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| work(&feed))).collect();
            std::thread::sleep(Duration::from_millis(100));
            let waiting = workers.iter().filter(|worker| !worker.is_finished()).count();
            std::fs::write(&path, "{\"a\":1}\n{\"a\":2}\n").unwrap();
            let numbers: Vec<u64> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
            assert_eq!((waiting, numbers), (2, vec![1, 2]));
        });
    }

    #[test]
    fn a_worker_waits_a_while_for_partitions_that_have_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.ndjson");
        std::fs::write(&path, "{\"a\":1}\n").unwrap();
        let file = InputFile::new(path).unwrap();
        let awaiting = |partition| Feed::awaiting(feed(Vec::new()).data().clone(), BTreeSet::from([partition]));
        assert_eq!(work(&awaiting(0)), Vec::<u64>::new());
        let feed = awaiting(1);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| work(&feed));
            feed.come(1, vec![Unit::of_file(0, &file)]);
            assert_eq!(worker.join().unwrap(), [1]);
        });
    }
}
