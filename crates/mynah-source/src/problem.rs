use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something wrong with the data: a record that is none, a file that breaks off, a path without a file.
///
/// No problem stops a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataProblem {
    /// The file or folder, as the user named it.
    pub file: PathBuf,
    /// The line, from 1, for files that have lines.
    pub line: Option<u64>,
    /// The record's number in its file, from 1, where one record is concerned.
    pub record: Option<u64>,
    /// What sort of problem it is.
    pub kind: ProblemKind,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
}

/// What sort of problem a [`DataProblem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A path has no file.
    Missing,
    /// A folder has no files, or a pattern matches none.
    Empty,
    /// A file or folder cannot be opened or read.
    Unreadable,
    /// A file of a folder or an archive was left out since it is no log; the message is what it is instead. Not an error.
    NotLogs,
    /// A hidden file or folder was left out. Not an error.
    Hidden,
    /// A file breaks off, or a part of it is damaged: what stood there is lost.
    Damaged,
    /// A record is not what its container promises: it is left out, or kept as far as it goes.
    Malformed,
    /// A record is longer than the limit: it is left out.
    TooLong,
    /// A record's JSON is nested deeper than the limit: it is left out.
    TooDeep,
    /// Bytes that are no UTF-8 were replaced by U+FFFD: the record is kept.
    Encoding,
}

impl ProblemKind {
    /// Whether something was left out that is not expected to be a log.
    pub fn is_left_out(self) -> bool {
        matches!(self, ProblemKind::NotLogs | ProblemKind::Hidden)
    }

    /// Whether data the user named could not be read at all, as opposed to a part of it.
    pub fn is_fatal(self) -> bool {
        matches!(self, ProblemKind::Missing | ProblemKind::Empty | ProblemKind::Unreadable)
    }
}

impl fmt::Display for DataProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match (self.line, self.record) {
            (Some(line), _) => write!(f, ":{line}")?,
            (None, Some(record)) => write!(f, ", record {record}")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.message)
    }
}

/// The problems of one file: all counted, the first few kept.
#[derive(Debug)]
pub(crate) struct Problems {
    file: Arc<Path>,
    kept: Vec<DataProblem>,
    count: u64,
}

impl Problems {
    /// How many are kept.
    const KEPT: usize = 16;

    pub fn new(file: &Path) -> Self {
        Problems { file: file.into(), kept: Vec::new(), count: 0 }
    }

    /// Adds those of a part of the file, before which there were so many lines and records.
    pub fn add_part(&mut self, part: Problems, lines: u64, records: u64) {
        self.count += part.count;
        for mut problem in part.kept.into_iter().take(Self::KEPT.saturating_sub(self.kept.len())) {
            problem.file = self.file.to_path_buf();
            problem.line = problem.line.map(|line| line + lines);
            problem.record = problem.record.map(|record| record + records);
            self.kept.push(problem);
        }
    }

    /// Something is wrong with the record that starts at `line`.
    pub fn at_line(&mut self, kind: ProblemKind, line: u64, record: u64, message: impl Into<String>) {
        self.add(kind, Some(line), Some(record), message);
    }

    /// Something is wrong with a record of a file without lines.
    pub fn at_record(&mut self, kind: ProblemKind, record: u64, message: impl Into<String>) {
        self.add(kind, None, Some(record), message);
    }

    /// Something is wrong with the file.
    pub fn of_file(&mut self, kind: ProblemKind, message: impl Into<String>) {
        self.add(kind, None, None, message);
    }

    fn add(&mut self, kind: ProblemKind, line: Option<u64>, record: Option<u64>, message: impl Into<String>) {
        self.count += 1;
        if self.kept.len() < Self::KEPT {
            self.kept.push(DataProblem { file: self.file.to_path_buf(), line, record, kind, message: message.into() });
        }
    }

    pub fn kept(&self) -> &[DataProblem] {
        &self.kept
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn file(&self) -> &Path {
        &self.file
    }
}

/// Of a part of a file, which is named later.
impl Default for Problems {
    fn default() -> Self {
        Problems::new(Path::new(""))
    }
}
