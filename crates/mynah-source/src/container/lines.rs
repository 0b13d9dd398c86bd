//! Lines of text: each an event, or each the beginning of one.
use crate::container::{Cut, Cutter};
use crate::text::LineParser;
use memchr::memchr;

/// Lines that are not blank, each a record.
#[derive(Debug, Default)]
pub(crate) struct PlainLines {
    lines: u64,
    discarding: bool,
}

impl PlainLines {
    /// How many lines were met so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }
}

impl Cutter for PlainLines {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let rest = text.get(at..).unwrap_or(&[]);
        let end = memchr(b'\n', rest);
        if end.is_none() && !last && !self.discarding {
            return Cut::More;
        }
        let length = end.unwrap_or(rest.len());
        let next = at + length + usize::from(end.is_some());
        if self.discarding {
            self.discarding = end.is_none();
            self.lines += u64::from(end.is_some());
            return Cut::Skip { next };
        }
        self.lines += 1;
        let line = rest.get(..length).unwrap_or(&[]).trim_ascii_end();
        if line.is_empty() {
            return Cut::Skip { next };
        }
        Cut::Record { line: self.lines, range: at..at + line.len(), next }
    }

    fn overflow(&mut self, _text: &[u8], _at: usize) -> u64 {
        self.discarding = true;
        self.lines + 1
    }
}

/// How many lines an event may have: as many as Splunk puts together (props.conf, `MAX_EVENTS`).
const MOST_LINES: usize = 256;

/// Events that begin with a line that has a time, and go on over those that have none.
#[derive(Debug)]
pub(crate) struct JoinedLines {
    parser: LineParser,
    lines: u64,
    discarding: bool,
}

impl JoinedLines {
    pub fn new(parser: LineParser) -> JoinedLines {
        JoinedLines { parser, lines: 0, discarding: false }
    }

    /// Whether the events of a log that begins so have several lines: the first has a time, and some later one has none.
    pub fn suit(head: &[u8], parser: &LineParser) -> bool {
        let text =
            String::from_utf8_lossy(head.get(..memchr::memrchr(b'\n', head).unwrap_or(head.len())).unwrap_or(head));
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first_has_time = lines.next().is_some_and(|line| parser.has_time(line) && !parser.is_syslog(line));
        first_has_time && lines.any(|line| !parser.has_time(line))
    }

    fn begins(&self, line: &[u8]) -> bool {
        let begin = line.get(..line.len().min(64)).unwrap_or(line);
        self.parser.has_time(&String::from_utf8_lossy(begin))
    }
}

impl Cutter for JoinedLines {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let line_end = |at: usize| memchr(b'\n', text.get(at..).unwrap_or(&[])).map(|length| at + length);
        let Some(first_end) = line_end(at).or_else(|| (last || self.discarding).then_some(text.len())) else {
            return Cut::More;
        };
        let after = |end: usize| (end + 1).min(text.len());
        if self.discarding {
            self.discarding = line_end(at).is_none();
            self.lines += u64::from(line_end(at).is_some());
            return Cut::Skip { next: after(first_end) };
        }
        if text.get(at..first_end).unwrap_or(&[]).trim_ascii().is_empty() {
            self.lines += 1;
            return Cut::Skip { next: after(first_end) };
        }
        let (mut end, mut count) = (first_end, 1);
        while count < MOST_LINES {
            let next = after(end);
            let Some(next_end) = line_end(next).or_else(|| last.then_some(text.len())) else { return Cut::More };
            if next >= text.len() || self.begins(text.get(next..next_end).unwrap_or(&[])) {
                break;
            }
            end = next_end;
            count += 1;
        }
        let line = self.lines + 1;
        self.lines += count as u64;
        let length = text.get(at..end).unwrap_or(&[]).trim_ascii_end().len();
        Cut::Record { line, range: at..at + length, next: after(end) }
    }

    fn overflow(&mut self, text: &[u8], at: usize) -> u64 {
        self.discarding = true;
        let line = self.lines + 1;
        self.lines += super::newlines(text.get(at..).unwrap_or(&[]));
        line
    }
}
