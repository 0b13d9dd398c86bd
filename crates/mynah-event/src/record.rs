use std::fmt;
use std::ops::Range;

/// Which event of a run: the number of its file among the run's files, and its number in that file.
///
/// Ids sort as the files were named and as the records stand in them, so that they serve as the
/// order of events that share a time, and as the way back from a result to the records behind it.
///
/// ```
/// use mynah_event::EventId;
/// let id = EventId::new(3, 41);
/// assert_eq!((id.file(), id.record()), (3, 41));
/// assert!(id < EventId::new(3, 42) && id < EventId::new(4, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub u64);

impl EventId {
    const RECORD_BITS: u32 = 40;

    /// The event `record` (from 1) of the file `file` (from 0).
    pub fn new(file: u32, record: u64) -> Self {
        EventId((u64::from(file) << Self::RECORD_BITS) | (record & ((1 << Self::RECORD_BITS) - 1)))
    }

    /// The number of its file, from 0.
    pub fn file(self) -> u32 {
        (self.0 >> Self::RECORD_BITS) as u32
    }

    /// Its number in that file, from 1.
    pub fn record(self) -> u64 {
        self.0 & ((1 << Self::RECORD_BITS) - 1)
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
