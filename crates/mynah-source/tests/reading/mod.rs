// Each test file uses a part of this.
#![allow(dead_code)]

use mynah_source::{Format, Reader};

/// All that a reader gave.
pub struct Read {
    pub format: Format,
    pub records: Vec<ReadRecord>,
    pub problems: Vec<String>,
}

/// One record.
pub struct ReadRecord {
    pub number: u64,
    pub line: u64,
    pub document: String,
    pub raw: String,
}

impl Read {
    /// The records' documents.
    pub fn documents(&self) -> Vec<&str> {
        self.records.iter().map(|record| record.document.as_str()).collect()
    }
}

/// Reads a log to its end.
pub fn read(bytes: &[u8]) -> Read {
    let mut reader = Reader::from_bytes("log", bytes.to_vec()).unwrap();
    read_all(&mut reader)
}

/// Reads to the end.
pub fn read_all(reader: &mut Reader) -> Read {
    let mut records = Vec::new();
    while let Some(chunk) = reader.next_chunk().unwrap() {
        assert!(!chunk.records.is_empty());
        for record in &chunk.records {
            records.push(ReadRecord {
                number: record.number,
                line: record.line,
                document: chunk.document(record).to_owned(),
                raw: chunk.raw(record).to_owned(),
            });
        }
    }
    assert!(reader.next_chunk().unwrap().is_none());
    let problems: Vec<String> = reader.problems().iter().map(ToString::to_string).collect();
    assert!(reader.problem_count() >= problems.len() as u64);
    Read { format: reader.format(), records, problems }
}
