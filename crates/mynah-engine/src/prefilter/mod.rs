//! Leaving records out before they are parsed.
//!
//! From the filters that reach a scan, [`Need`]s are derived for each log source: which literals a record must
//! hold for the filter to be true of it. A record that holds none of the literals of any log source cannot be
//! in the result, so nothing of it is looked at but its bytes.
//!
//! Where a value's text in the record can differ from the value itself, the record is kept: JSON escapes
//! (`\u0041`), letters beyond ASCII that fold to ASCII ones, values that a view computes.
mod derive;
mod literals;
mod need;
mod searcher;
#[cfg(test)]
mod tests;
mod worth;
mod written;

use crate::scan::Data;
use derive::derive;
use mynah_event::{LogSource, Record};
use mynah_source::Chunk;
use mynah_view::ScanColumn;
use need::Need;
use searcher::Searcher;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
pub(crate) use worth::Worth;

/// The literals of a scan, ready to be looked for.
#[derive(Debug, Clone)]
pub(crate) struct Prefilter {
    literals: BTreeSet<String>,
    /// All literals at once; nothing where every record has to be looked at.
    searcher: Option<Searcher>,
    /// Log sources whose events cannot pass the filters at all.
    never: BTreeSet<LogSource>,
}

impl Prefilter {
    /// What the filters, all of which must hold, demand of a record of any log source.
    pub fn new(filters: &[datafusion::prelude::Expr], columns: &[ScanColumn], data: &Data) -> Prefilter {
        // A record that the user says is of some log source need not look like one.
        let all_recognised = data.files.iter().all(|file| file.source.is_none());
        let columns: BTreeMap<&str, &ScanColumn> =
            columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let mut literals = BTreeSet::new();
        let mut never = BTreeSet::new();
        let mut all = true;
        for (index, source) in data.recogniser.sources().iter().enumerate() {
            if all_recognised && !data.recogniser.recognises(index) {
                continue;
            }
            let family = data.recogniser.family(source.log_source());
            let need = filters.iter().map(|filter| derive(filter, &family, &columns)).fold(Need::Always, Need::and);
            // What the log source is recognised by is in all of its records, what the filters ask for only in some.
            let need = match need.best() {
                Need::Always if all_recognised => recognised(data.recogniser.marks(index)).best(),
                need => need,
            };
            match need {
                Need::Never => {
                    never.insert(source.log_source().clone());
                }
                Need::Always => all = false,
                Need::Sets(sets) => literals.extend(sets.into_iter().flatten()),
            }
        }
        let searcher = all.then(|| Searcher::new(&literals)).flatten();
        Prefilter { literals: if searcher.is_some() { literals } else { BTreeSet::new() }, searcher, never }
    }

    /// One that leaves nothing out.
    pub fn off() -> Prefilter {
        Prefilter { literals: BTreeSet::new(), searcher: None, never: BTreeSet::new() }
    }

    /// The literals looked for, nothing where every record has to be looked at; no literals where no record can pass.
    pub fn literals(&self) -> Option<impl Iterator<Item = &str>> {
        self.searcher.is_some().then(|| self.literals.iter().map(String::as_str))
    }

    /// Whether events of this log source cannot pass.
    pub fn rules_out(&self, log_source: &LogSource) -> bool {
        self.never.contains(log_source)
    }

    /// Whether a record has to be looked at.
    pub fn is_candidate(&self, chunk: &Chunk, record: &Record) -> bool {
        let Some(searcher) = &self.searcher else { return true };
        let bytes = chunk.text.as_bytes().get(whole(record)).unwrap_or_default();
        searcher.is_in(bytes) || is_deceptive(bytes)
    }

    /// The indexes of the records of a chunk that have to be looked at, in order.
    pub fn candidates(&self, chunk: &Chunk) -> Candidates {
        let Some(searcher) = &self.searcher else { return Candidates::All(0..chunk.records.len()) };
        let text = chunk.text.as_bytes();
        let check_each = is_deceptive(text);
        let mut found = Vec::new();
        let mut next = searcher.next(text, 0);
        for (index, record) in chunk.records.iter().enumerate() {
            let range = whole(record);
            // From the start of a record on: what begins before it may hide what is in it.
            if next.is_some_and(|next| next < range.start) {
                next = searcher.next(text, range.start);
            }
            let hit = next.is_some_and(|next| next < range.end);
            let is_candidate = |bytes: &[u8]| hit && searcher.confirms(bytes) || check_each && is_deceptive(bytes);
            if (hit || check_each) && text.get(range).is_some_and(is_candidate) {
                found.push(index);
            }
        }
        Candidates::Some(found.into_iter())
    }
}

/// Where a record stands in its chunk, its text and its document.
fn whole(record: &Record) -> Range<usize> {
    record.raw.start.min(record.document.start)..record.raw.end.max(record.document.end)
}

/// What the literals cannot be told from: any character may be written as an escape, and some letters beyond ASCII are ASCII
/// ones in lower case.
fn is_deceptive(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\\u").is_some() || !bytes.is_ascii()
}

/// What a record must hold to be recognised as a log source.
fn recognised(marks: Vec<Vec<Vec<String>>>) -> Need {
    if marks.is_empty() {
        return Need::Always;
    }
    let ways = marks.into_iter().map(|sets| {
        let sets = sets.into_iter().map(|set| Need::any_of(set.iter().map(|text| derive::plain_part(text))));
        sets.fold(Need::Always, Need::and)
    });
    ways.fold(Need::Never, Need::or)
}

/// Indexes of records.
pub(crate) enum Candidates {
    All(Range<usize>),
    Some(std::vec::IntoIter<usize>),
}

impl Candidates {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Candidates::All(range) => range.len(),
            Candidates::Some(indexes) => indexes.len(),
        }
    }
}

impl Iterator for Candidates {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Candidates::All(range) => range.next(),
            Candidates::Some(indexes) => indexes.next(),
        }
    }
}
