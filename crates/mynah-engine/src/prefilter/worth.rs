use super::{Candidates, Prefilter};
use crate::feed::FileChunk;
use crate::progress::Progress;

/// Whether looking for literals pays in the file at hand: where nearly every record holds one, it is work for nothing.
#[derive(Debug, Default)]
pub(crate) struct Worth {
    file: Option<u32>,
    records: usize,
    skipped: usize,
}

/// How many records are looked at before a judgement.
const TRIAL: usize = 4096;
/// One record in so many must be skipped.
const PAYS: usize = 8;

impl Worth {
    /// The records of a chunk that have to be looked at, after a search for literals where that pays.
    pub fn candidates(&mut self, prefilter: &Prefilter, from: &FileChunk, progress: &Progress) -> Candidates {
        let records = from.chunk.records.len();
        let candidates = match self.try_in(from.unit.number) {
            true => prefilter.candidates(&from.chunk),
            false => Candidates::All(0..records),
        };
        let skipped = records - candidates.len();
        self.learn(records, skipped);
        progress.skip(skipped as u64);
        candidates
    }

    /// Whether to look for literals in more records of a file.
    fn try_in(&mut self, file: u32) -> bool {
        if self.file != Some(file) {
            *self = Worth { file: Some(file), ..Worth::default() };
        }
        self.records < TRIAL || self.skipped * PAYS >= self.records
    }

    /// What the last records gave.
    fn learn(&mut self, records: usize, skipped: usize) {
        if self.records < TRIAL {
            self.records += records;
            self.skipped += skipped;
        }
    }
}
