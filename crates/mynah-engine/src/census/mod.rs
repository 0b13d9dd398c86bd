//! Which log sources the data is of, and which time it spans.
//!
//! A run that is asked to tells it by the way ([`Sampler`]): the prefilter keeps it from looking at most records, so the first and the last
//! record of each chunk stand for the others. [`Engine::inspect`](crate::Engine::inspect) looks at every record.
mod histogram;
mod inspection;

pub use histogram::Histogram;
pub(crate) use inspection::inspect;
pub use inspection::{Hosts, Inspected, Inspection, Overview};

use crate::feed::{Feed, FileChunk};
use crate::progress::Progress;
use crate::scan::Scanner;
use mynah_event::{LogSource, Record, Timestamp};
use mynah_view::ScanColumn;
use std::collections::BTreeMap;

/// Records of one log source in one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many were looked at.
    pub records: u64,
    /// How many of them have no time.
    pub untimed: u64,
    /// The time of the first of them.
    pub first: Option<Timestamp>,
    /// The time of the last of them.
    pub last: Option<Timestamp>,
}

impl Seen {
    fn add(&mut self, time: Option<Timestamp>) {
        self.records += 1;
        self.untimed += u64::from(time.is_none());
        self.merge_times(time, time);
    }

    fn merge_times(&mut self, first: Option<Timestamp>, last: Option<Timestamp>) {
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }

    /// With what was seen elsewhere.
    pub fn merge(&mut self, other: Seen) {
        self.records += other.records;
        self.untimed += other.untimed;
        self.merge_times(other.first, other.last);
    }
}

/// What was seen of files, by their numbers.
pub(crate) type Census = BTreeMap<u32, BTreeMap<LogSource, Seen>>;

/// Looks at some records of each chunk that a scan reads.
pub(crate) struct Sampler<'a> {
    progress: &'a Progress,
    scanner: Scanner<'a>,
    seen: Census,
}

impl<'a> Sampler<'a> {
    /// `columns` is the [`time_column`](crate::raw_events::time_column), which the caller keeps.
    pub fn new(feed: &'a Feed, columns: &'a [ScanColumn]) -> Self {
        Sampler { progress: &feed.data().progress, scanner: Scanner::new(feed, columns), seen: Census::new() }
    }

    pub fn see(&mut self, from: &FileChunk) {
        let records = &from.chunk.records;
        let ends = [records.first(), records.last().filter(|_| records.len() > 1)];
        ends.into_iter().flatten().for_each(|record| look(&mut self.scanner, from, record, &mut self.seen));
    }
}

impl Drop for Sampler<'_> {
    fn drop(&mut self) {
        self.progress.saw(std::mem::take(&mut self.seen));
    }
}

fn look(scanner: &mut Scanner<'_>, from: &FileChunk, record: &Record, seen: &mut Census) {
    let (source, time) = scanner.time(from, record);
    let source = source.unwrap_or_else(|| LogSource::new(LogSource::JSON));
    let file = from.unit.id(record).map_or(from.unit.number, |id| id.file());
    seen.entry(file).or_default().entry(source).or_default().add(time);
}

pub(crate) fn merge(all: &mut Census, part: Census) {
    for (file, sources) in part {
        let known = all.entry(file).or_default();
        for (source, seen) in sources {
            known.entry(source).or_default().merge(seen);
        }
    }
}
