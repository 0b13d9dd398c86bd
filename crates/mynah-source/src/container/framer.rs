use crate::bytes::Stream;
use crate::container::Container;
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use memchr::memchr_iter;
use mynah_event::Record;
use std::ops::Range;

/// How much text a chunk has, about.
const CHUNK: usize = 1024 * 1024;

/// How long one record may be.
pub(crate) const MAX_RECORD: usize = 64 * 1024 * 1024;

/// What a [`Cutter`] found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A record, which starts on `line`; go on at `next`.
    Record { line: u64, range: Range<usize>, next: usize },
    /// What should be a record is none; go on at `next`.
    Problem { kind: ProblemKind, line: u64, message: String, next: usize },
    /// Nothing of interest before `next`.
    Skip { next: usize },
    /// What begins here does not end in this text. Never said of the last text.
    More,
}

/// How many lines end in a text.
pub(crate) fn newlines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

impl Cut {
    /// How many lines of the text end between `at`, where this was found, and where to go on.
    pub fn lines(&self, text: &[u8], at: usize) -> u64 {
        match self {
            Cut::Record { next, .. } | Cut::Problem { next, .. } | Cut::Skip { next } => {
                newlines(text.get(at..*next).unwrap_or(&[]))
            }
            Cut::More => 0,
        }
    }

    /// Notes what was found; `number` is that of the last record. Where to go on, unless more text is needed first.
    pub fn note(self, number: &mut u64, records: &mut Vec<Record>, problems: &mut Problems) -> Option<usize> {
        match self {
            Cut::Record { line, range, next } => {
                *number += 1;
                records.push(Record { number: *number, line, document: range.clone(), raw: range });
                Some(next)
            }
            Cut::Problem { kind, line, message, next } => {
                *number += 1;
                problems.at_line(kind, line, *number, message);
                Some(next)
            }
            Cut::Skip { next } => Some(next),
            Cut::More => None,
        }
    }
}

/// Tells where in a text the records are.
///
/// A cutter is asked again and again, each time from where it said to go on, until the text is used
/// up. After [`Cut::More`] it is asked at the same place of the text with more behind it.
pub(crate) trait Cutter: Send {
    /// What is at `at`; `last` if nothing comes after this text.
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut;

    /// After [`Cut::More`]: the record under way is too long. All of the text is taken away; what comes
    /// next continues it, and is to be skipped to the record's end. Gives the line where it started.
    fn overflow(&mut self, text: &[u8], at: usize) -> u64;
}

/// Reads text piece by piece and has it cut into records.
pub(crate) struct Framer<C> {
    stream: Stream,
    cutter: C,
    /// Text read and not cut yet.
    rest: Vec<u8>,
    number: u64,
    max_record: usize,
    finished: bool,
}

impl<C: Cutter> Framer<C> {
    /// Of the text that `head` begins and `stream` continues.
    pub fn new(head: Vec<u8>, stream: Stream, cutter: C) -> Self {
        Framer { stream, cutter, rest: head, number: 0, max_record: MAX_RECORD, finished: false }
    }

    #[cfg(test)]
    pub fn with_max_record(self, max_record: usize) -> Self {
        Framer { max_record, ..self }
    }

    fn finish(&mut self, problems: &mut Problems) -> Result<(), SourceError> {
        let replaced = self.stream.replaced();
        if std::mem::replace(&mut self.finished, true) {
            return Ok(());
        }
        if replaced > 0 {
            problems.of_file(
                ProblemKind::Encoding,
                format!("{replaced} units of UTF-16 make no character and were replaced by U+FFFD"),
            );
        }
        match self.stream.take_failure() {
            None => Ok(()),
            Some(Ok(damage)) => {
                problems.of_file(ProblemKind::Damaged, format!("{damage}; what comes after is lost"));
                Ok(())
            }
            Some(Err(source)) => Err(SourceError::Read { file: problems.file().to_owned(), source }),
        }
    }
}

impl<C: Cutter> Container for Framer<C> {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        let mut text = std::mem::take(&mut self.rest);
        let mut records = Vec::new();
        let mut at = 0;
        if text.len() < CHUNK {
            let more = CHUNK - text.len();
            self.stream.read_into(&mut text, more);
        }
        loop {
            if at >= text.len() {
                if !records.is_empty() || self.stream.ended() {
                    break;
                }
                text.clear();
                at = 0;
                self.stream.read_into(&mut text, CHUNK);
                continue;
            }
            let cut = self.cutter.cut(&text, at, self.stream.ended());
            if let Some(next) = cut.note(&mut self.number, &mut records, problems) {
                at = next;
                continue;
            }
            if self.stream.ended() || !records.is_empty() {
                break;
            }
            if text.len() - at >= self.max_record {
                let line = self.cutter.overflow(&text, at);
                self.number += 1;
                problems.at_line(ProblemKind::TooLong, line, self.number, too_long(self.max_record));
                text.clear();
            } else {
                text.drain(..at);
            }
            at = 0;
            let more = CHUNK.max(text.len());
            self.stream.read_into(&mut text, more);
        }
        let rest = text.get(at..).unwrap_or(&[]);
        self.rest = Vec::with_capacity(CHUNK.max(rest.len()) + 64);
        self.rest.extend_from_slice(rest);
        text.truncate(at);
        if records.is_empty() {
            self.rest.clear();
            self.finish(problems)?;
            return Ok(None);
        }
        Ok(Some(into_chunk(text, records, problems)))
    }
}

/// What is said of a record longer than `limit` bytes.
pub(crate) fn too_long(limit: usize) -> String {
    format!("a record is longer than {} MiB; left out", limit / (1024 * 1024))
}

/// Makes the text UTF-8, where it is not.
pub(crate) fn into_chunk(text: Vec<u8>, records: Vec<Record>, problems: &mut Problems) -> Chunk {
    let broken = match String::from_utf8(text) {
        Ok(text) => return Chunk { text, records },
        Err(error) => error.into_bytes(),
    };
    let mut chunk = Chunk::default();
    for record in records {
        let bytes = broken.get(record.document.clone()).unwrap_or(&[]);
        let text = String::from_utf8_lossy(bytes);
        if let std::borrow::Cow::Owned(_) = text {
            let message = "bytes that are no UTF-8 were replaced by U+FFFD";
            problems.at_line(ProblemKind::Encoding, record.line, record.number, message);
        }
        chunk.push_json(record.number, record.line, &text);
    }
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Meter;
    use crate::container::{JsonLines, JsonStream};
    use std::io::Cursor;
    use std::path::Path;

    /// The records that are left when none may be longer than 100 bytes, and the problems.
    fn left(text: &str, cutter: impl Cutter) -> (Vec<String>, Vec<String>) {
        let stream = Stream::new(Box::new(Cursor::new(text.as_bytes().to_vec())), Meter::default());
        let mut framer = Framer::new(Vec::new(), stream, cutter).with_max_record(100);
        let mut problems = Problems::new(Path::new("log"));
        let mut records = Vec::new();
        while let Some(chunk) = framer.next_chunk(&mut problems).unwrap() {
            records.extend(chunk.records.iter().map(|record| chunk.document(record).to_owned()));
        }
        (records, problems.kept().iter().map(ToString::to_string).collect())
    }

    /// Longer than a chunk, so that it does not end in the first text that is cut.
    fn long() -> String {
        format!("{{\"a\":\"{}\"}}", "\\\"}]\\\\".repeat(CHUNK))
    }

    #[test]
    fn a_record_too_long_is_left_out() {
        let good = ["{\"a\":1}".to_owned(), "{\"a\":2}".to_owned()];
        let problem = ["log:2: a record is longer than 0 MiB; left out".to_owned()];
        let text = format!("{}\n{}\n{}\n", good[0], long(), good[1]);
        assert_eq!(left(&text, JsonLines::default()), (good.to_vec(), problem.to_vec()));
        assert_eq!(left(&text, JsonStream::default()), (good.to_vec(), problem.to_vec()));
        let text = format!("[{},\n{},{}]", good[0], long(), good[1]);
        assert_eq!(left(&text, JsonStream::default()), (good.to_vec(), problem.to_vec()));
        let text = format!("{{\"Records\":[{},\n{},{}],\"x\":[1]}}", good[0], long(), good[1]);
        assert_eq!(left(&text, JsonStream::default()), (good.to_vec(), problem.to_vec()));
    }
}
