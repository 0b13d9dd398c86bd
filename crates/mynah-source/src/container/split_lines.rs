use crate::bytes::Meter;
use crate::container::framer::{MAX_RECORD, into_chunk, too_long};
use crate::container::{Cutter, JsonLines, PlainLines, Splitter};
use crate::piece::{Part, Piece, RawPiece};
use crate::problem::Problems;
use crate::text::LineParser;
use crate::{Chunk, ProblemKind};
use memchr::{memchr, memrchr};
use mynah_event::Record;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// How much of the file a piece is: no more than the cache nearest to a core holds, for it is gone over several times.
const PIECE: u64 = 256 * 1024;

/// How far behind a piece its last line is looked for at first: as far as most lines are long.
const MARGIN: usize = 4 * 1024;

/// A file of one record a line, just as it is stored: JSON objects, or text if there is a parser. A line belongs to the piece that it starts in, so
/// that pieces can be cut without one another.
pub(crate) struct SplitLines {
    file: Arc<File>,
    /// Where the first line starts.
    start: u64,
    /// Where the next piece starts.
    next: u64,
    /// How long the file was when it was opened: what is written to it afterwards is not looked at.
    end: u64,
    piece: u64,
    max_record: usize,
    meter: Meter,
    parser: Option<LineParser>,
}

impl SplitLines {
    /// The file's size, if it is worth to be split.
    pub fn worth(file: &File) -> Option<u64> {
        let metadata = file.metadata().ok()?;
        (metadata.is_file() && metadata.len() > PIECE).then_some(metadata.len())
    }

    /// Of `file`, which has `end` bytes, from `start` on. `meter` counts what is read.
    pub fn new(file: File, start: u64, end: u64, meter: Meter, parser: Option<LineParser>) -> Self {
        meter.restart();
        meter.add_bytes(start);
        SplitLines {
            file: Arc::new(file),
            start,
            next: start,
            end,
            piece: PIECE,
            max_record: MAX_RECORD,
            meter,
            parser,
        }
    }
}

impl Splitter for SplitLines {
    fn next_piece(&mut self) -> Option<Piece> {
        if self.next >= self.end {
            return None;
        }
        let from = self.next;
        self.next = from.saturating_add(self.piece).min(self.end);
        self.meter.add_bytes(self.next - from);
        Some(Piece::raw(Lines {
            file: Arc::clone(&self.file),
            first: from == self.start,
            from,
            to: self.next,
            max_record: self.max_record,
            parser: self.parser.clone(),
        }))
    }
}

/// The lines that start in one stretch of the file.
struct Lines {
    file: Arc<File>,
    /// Whether it is the file's first.
    first: bool,
    from: u64,
    to: u64,
    max_record: usize,
    parser: Option<LineParser>,
}

/// What was read of a piece.
struct Text {
    /// Its lines, with blanks where the line before them ended.
    bytes: Vec<u8>,
    /// Where its first line starts.
    start: usize,
    /// Whether its last line goes on and on.
    too_long: bool,
}

impl RawPiece for Lines {
    fn cut(self: Box<Self>, spare: Chunk) -> Part {
        let mut part = Part::new(Problems::default());
        let mut records = spare.records;
        records.clear();
        // A line of many megabytes is rare: its memory is not kept for those after it.
        let memory = Some(spare.text.into_bytes()).filter(|bytes| bytes.capacity() as u64 <= PIECE * 4);
        let text = match self.read(memory.unwrap_or_default()) {
            Ok(text) => text,
            Err(failure) => return Part { failure: Some(failure), ..part },
        };
        match &self.parser {
            None => {
                let mut lines = JsonLines::default();
                text.cut(&mut lines, &mut part, &mut records);
                part.lines = lines.lines();
            }
            Some(_) => {
                let mut lines = PlainLines::default();
                text.cut(&mut lines, &mut part, &mut records);
                part.lines = lines.lines();
            }
        }
        if text.too_long {
            part.lines += 1;
            part.records += 1;
            part.problems.at_line(ProblemKind::TooLong, part.lines, part.records, too_long(self.max_record));
        }
        part.chunk = into_chunk(text.bytes, records, &mut part.problems);
        if let Some(parser) = &self.parser {
            part.chunk.parse_lines(parser);
        }
        part
    }
}

impl Text {
    fn cut(&self, cutter: &mut impl Cutter, part: &mut Part, records: &mut Vec<Record>) {
        let mut at = self.start;
        while at < self.bytes.len() {
            let cut = cutter.cut(&self.bytes, at, true);
            match cut.note(&mut part.records, records, &mut part.problems) {
                Some(next) => at = next,
                None => break,
            }
        }
    }
}

impl Lines {
    fn read(&self, mut bytes: Vec<u8>) -> io::Result<Text> {
        // The byte before tells whether a line starts with the first one of the piece.
        let from = if self.first { self.from } else { self.from.saturating_sub(1) };
        let inside = usize::try_from(self.to - from).unwrap_or(usize::MAX);
        let mut length = self.read_at(&mut bytes, 0, from, inside.saturating_add(MARGIN))?;
        let inside = inside.min(length);
        let start = match memchr(b'\n', bytes.get(..inside).unwrap_or(&[])) {
            _ if self.first => 0,
            Some(newline) if newline + 1 < inside => newline + 1,
            // One line goes all the way through.
            _ => return Ok(Text { bytes: Vec::new(), start: 0, too_long: false }),
        };
        // Rather than to move all the rest.
        bytes.get_mut(..start).unwrap_or(&mut []).fill(b'\n');
        let mut searched = inside.saturating_sub(1);
        loop {
            let newline = bytes.get(searched..length).and_then(|rest| memchr(b'\n', rest));
            let end = newline.map_or(length, |newline| searched + newline);
            let last = bytes.get(start..end).and_then(|text| memrchr(b'\n', text)).map_or(start, |at| start + at + 1);
            if end - last > self.max_record {
                bytes.truncate(last);
                return Ok(Text { bytes, start, too_long: true });
            }
            if newline.is_some() {
                bytes.truncate(end + 1);
                return Ok(Text { bytes, start, too_long: false });
            }
            searched = length;
            let more = self.read_at(&mut bytes, length, from, (length - last).max(MARGIN * 16))?;
            if more == 0 {
                bytes.truncate(length);
                return Ok(Text { bytes, start, too_long: false });
            }
            length += more;
        }
    }

    /// Puts up to `more` bytes, which the file has `at` bytes after `from`, where they belong in `bytes`; fewer only
    /// at the file's end. Gives how many.
    fn read_at(&self, bytes: &mut Vec<u8>, at: usize, from: u64, more: usize) -> io::Result<usize> {
        // What is there already is written over: to clear it first would take as long as to read.
        if bytes.len() < at.saturating_add(more) {
            bytes.resize(at.saturating_add(more), 0);
        }
        let mut length = 0;
        while let Some(rest) = bytes.get_mut(at + length..at + more).filter(|rest| !rest.is_empty()) {
            match read_file_at(&self.file, rest, from + (at + length) as u64) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(length)
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_file_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    /// Number, line and text of each record, and the problems, when pieces are so small.
    fn split(text: &[u8], piece: u64, max_record: usize) -> (Vec<(u64, u64, String)>, Vec<String>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        let splitter =
            SplitLines { piece, max_record, ..SplitLines::new(file, 0, text.len() as u64, Meter::default(), None) };
        let mut reader = crate::Reader::splitting(splitter);
        let mut records = Vec::new();
        while let Some(chunk) = reader.next_chunk().unwrap() {
            for record in &chunk.records {
                records.push((record.number, record.line, chunk.document(record).to_owned()));
            }
        }
        let mut problems: Vec<String> = reader.problems().iter().map(ToString::to_string).collect();
        problems.sort();
        (records, problems)
    }

    #[test]
    fn a_line_too_long_is_left_out_once() {
        let text = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}\n{{\"a\":2}}\n", "x".repeat(1000));
        for piece in [1, 7, 100] {
            let (records, problems) = split(text.as_bytes(), piece, 100);
            assert_eq!(records, [(1, 1, "{\"a\":1}".to_owned()), (3, 3, "{\"a\":2}".to_owned())], "{piece}");
            assert_eq!(problems, ["log:2: a record is longer than 0 MiB; left out"]);
        }
    }

    fn line() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            4 => "[a-zé]{0,30}".prop_map(|text| format!("{{\"a\":\"{text}\"}}").into_bytes()),
            1 => Just(b"".to_vec()),
            1 => Just(b"  \r".to_vec()),
            1 => Just(b"no object".to_vec()),
            1 => Just(b"{\"broken".to_vec()),
            1 => Just(b"{\"a\":\"\xff\"}".to_vec()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Wherever the pieces end, the records and what is said of them are the same.
        #[test]
        fn pieces_of_any_size_give_the_same(lines in prop::collection::vec(line(), 0..12), piece in 1u64..60, end in any::<bool>()) {
            let mut text = lines.join(&b'\n');
            if end {
                text.push(b'\n');
            }
            prop_assert_eq!(split(&text, piece, MAX_RECORD), split(&text, 1 << 20, MAX_RECORD));
        }
    }
}
