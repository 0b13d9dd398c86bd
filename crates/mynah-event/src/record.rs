use std::fmt;
use std::ops::Range;

/// Which event of a run: the number of its file among the run's files, and its number in that file.
///
/// Ids sort as the files were named and as the records stand in them, so that they serve as the
/// order of events that share a time, and as the way back from a result to the records behind it.
///
/// ```
/// use mynah_event::EventId;
/// let id = EventId::new(3, 41)?;
/// assert_eq!((id.file(), id.record()), (3, 41));
/// assert!(id < EventId::new(3, 42)? && id < EventId::new(4, 1)?);
/// assert!(EventId::new(1 << 24, 1).is_err() && EventId::new(0, 1 << 40).is_err());
/// # Ok::<(), mynah_event::EventIdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub u64);

/// More events than there are ids for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventIdError {
    /// The file's number is too high.
    #[error("a run reads at most {} files; give fewer at a time", EventId::MAX_FILES)]
    Files,
    /// The record's number is too high.
    #[error("a file has at most {} records; split it", EventId::MAX_RECORDS)]
    Records,
}

impl EventId {
    const RECORD_BITS: u32 = 40;
    /// How many files a run can have.
    pub const MAX_FILES: u32 = 1 << (64 - Self::RECORD_BITS);
    /// How many records a file can have.
    pub const MAX_RECORDS: u64 = (1 << Self::RECORD_BITS) - 1;

    /// The event `record` (from 1) of the file `file` (from 0).
    ///
    /// # Errors
    /// Where a number is too high for an id.
    pub fn new(file: u32, record: u64) -> Result<Self, EventIdError> {
        if file >= Self::MAX_FILES {
            return Err(EventIdError::Files);
        }
        if record > Self::MAX_RECORDS {
            return Err(EventIdError::Records);
        }
        Ok(EventId((u64::from(file) << Self::RECORD_BITS) | record))
    }

    /// The number of its file, from 0.
    pub fn file(self) -> u32 {
        (self.0 >> Self::RECORD_BITS) as u32
    }

    /// Its number in that file, from 1.
    pub fn record(self) -> u64 {
        self.0 & Self::MAX_RECORDS
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file(), self.record())
    }
}

/// Where one record stands in the text it was read into.
///
/// `document` is its content as one JSON object, which fields are extracted from; `raw` is the
/// record's own text. For JSON logs they are the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number in its file, from 1.
    pub number: u64,
    /// The line of the file on which it starts, from 1; for files without lines the record's number.
    pub line: u64,
    /// The bytes of its JSON document.
    pub document: Range<usize>,
    /// The bytes of its own text.
    pub raw: Range<usize>,
}

/// How a record's document holds the fields of its log source: an index into the log source's shapes.
///
/// One log source comes in several containers: a Windows event as EVTX has `Event.System.EventID`
/// where a forwarder's flat JSON has `EventID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Shape(pub u16);
