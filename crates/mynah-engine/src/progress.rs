use crate::census::{self, Census, Seen};
use mynah_event::LogSource;
use mynah_source::DataProblem;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What a run has read so far; it may be looked at from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    events: AtomicU64,
    skipped: AtomicU64,
    files: Mutex<BTreeMap<PathBuf, FileProblems>>,
    samples: AtomicBool,
    census: Mutex<Census>,
    several: Mutex<BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct FileProblems {
    count: u64,
    kept: Vec<DataProblem>,
}

/// What a run has read, and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Bytes, as the files hold them.
    pub bytes: u64,
    /// Events.
    pub events: u64,
    /// How many problems the data had.
    pub problem_count: u64,
    /// The first few of them of each file.
    pub problems: Vec<DataProblem>,
}

impl Progress {
    /// Bytes read so far, of the files as they are stored.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Events read so far.
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// Events left out unparsed so far, since they cannot be in the result.
    pub fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    pub(crate) fn skip(&self, events: u64) {
        self.skipped.fetch_add(events, Ordering::Relaxed);
    }

    /// So much was read: for whoever reads an engine's files by themselves.
    pub fn add(&self, bytes: u64, events: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    /// Notes the problems of one file. A plan may read a file several times: what was found once counts once.
    pub(crate) fn problems(&self, file: &std::path::Path, count: u64, kept: Vec<DataProblem>) {
        if count == 0 {
            return;
        }
        let mut files = self.files.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let known = files.entry(file.to_owned()).or_default();
        if count > known.count {
            *known = FileProblems { count, kept };
        }
    }

    /// Notes that an event has several values of which this column takes one.
    pub(crate) fn leaves_out(&self, column: &str) {
        let mut several = self.several.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !several.contains(column) {
            several.insert(column.to_owned());
        }
    }

    /// The columns that took one value of several since this was asked last.
    pub(crate) fn left_out(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.several.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Forgets what was read, for it is read again from the beginning.
    pub(crate) fn restart(&self) {
        for count in [&self.bytes, &self.events, &self.skipped] {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// From now on, scans look at some records besides what their queries ask for, so that [`Progress::sampled`] says which log
    /// sources were read.
    pub fn sample(&self) {
        self.samples.store(true, Ordering::Relaxed);
    }

    pub(crate) fn samples(&self) -> bool {
        self.samples.load(Ordering::Relaxed)
    }

    pub(crate) fn saw(&self, part: Census) {
        census::merge(&mut self.census.lock().unwrap_or_else(|poisoned| poisoned.into_inner()), part);
    }

    /// What was seen of each file by the way since [`Progress::sample`], by its number among the engine's files: of each chunk
    /// two records only, and a plan may read a file several times, so that counts say nothing.
    pub fn sampled(&self) -> BTreeMap<u32, BTreeMap<LogSource, Seen>> {
        self.census.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// What there is to say at the end.
    pub fn summary(&self) -> Summary {
        let files = self.files.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Summary {
            bytes: self.bytes(),
            events: self.events(),
            problem_count: files.values().map(|file| file.count).sum(),
            problems: files.values().flat_map(|file| file.kept.clone()).collect(),
        }
    }
}
