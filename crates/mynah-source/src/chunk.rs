use crate::text::LineParser;
use mynah_event::Record;

/// A block of one file's records, in their order.
///
/// The text holds each record's document and, where that is another text, its own text. It is UTF-8
/// whatever the file was: bytes that were not are replaced by U+FFFD and reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The text that the records' ranges refer to.
    pub text: String,
    /// The records.
    pub records: Vec<Record>,
}

impl Chunk {
    /// A record's content as one JSON object. Its syntax is checked no further than cutting it out needed.
    pub fn document(&self, record: &Record) -> &str {
        self.text.get(record.document.clone()).unwrap_or("")
    }

    /// A record's own text.
    pub fn raw(&self, record: &Record) -> &str {
        self.text.get(record.raw.clone()).unwrap_or("")
    }

    /// Gives each record the document that `make` adds to a text, from the record's own text; leaves out those for
    /// which it says that there is none.
    ///
    /// Each record's document stands next to its own text, so that what is found in a stretch of the chunk belongs to
    /// one record.
    pub(crate) fn make_documents(&mut self, mut make: impl FnMut(&Record, &str, &mut String) -> bool) {
        let before = std::mem::take(&mut self.text);
        let mut text = String::with_capacity(before.len() * 3);
        self.records.retain_mut(|record| {
            let start = text.len();
            let raw = before.get(record.raw.clone()).unwrap_or("");
            text.push_str(raw);
            let middle = text.len();
            let is_made = make(record, raw, &mut text);
            if is_made {
                record.raw = start..middle;
                record.document = middle..text.len();
            } else {
                text.truncate(start);
            }
            is_made
        });
        self.text = text;
    }

    /// Gives each record the document that its line is taken apart into.
    pub(crate) fn parse_lines(&mut self, parser: &LineParser) {
        self.make_documents(|_, line, out| {
            parser.document(line, out);
            true
        });
    }

    /// Adds a record whose document is its own text.
    pub(crate) fn push_json(&mut self, number: u64, line: u64, json: &str) {
        let start = self.text.len();
        self.text.push_str(json);
        let all = start..self.text.len();
        self.records.push(Record { number, line, document: all.clone(), raw: all });
    }

    /// Adds a record whose document is made from its own text.
    pub(crate) fn push(&mut self, number: u64, line: u64, raw: &str, document: &str) {
        let start = self.text.len();
        self.text.push_str(raw);
        let middle = self.text.len();
        self.text.push_str(document);
        self.records.push(Record { number, line, document: middle..self.text.len(), raw: start..middle });
    }
}
