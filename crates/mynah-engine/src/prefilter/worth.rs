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
    /// Whether to look for literals in more records of a file.
    pub fn try_in(&mut self, file: u32) -> bool {
        if self.file != Some(file) {
            *self = Worth { file: Some(file), ..Worth::default() };
        }
        self.records < TRIAL || self.skipped * PAYS >= self.records
    }

    /// What the last records gave.
    pub fn learn(&mut self, records: usize, skipped: usize) {
        if self.records < TRIAL {
            self.records += records;
            self.skipped += skipped;
        }
    }
}
