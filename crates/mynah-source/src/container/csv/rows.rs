use crate::ProblemKind;
use crate::container::csv::row::row_end;
use crate::container::{Cut, Cutter};
use memchr::{memchr, memchr_iter};

/// Cuts a text into rows, which may hold line breaks in quotes.
#[derive(Debug)]
pub(super) struct Rows {
    delimiter: u8,
    /// How many line breaks came before.
    lines: u64,
    discarding: bool,
    /// Set once a quote was never closed: from then on a row ends with its line.
    quotes_broken: bool,
}

impl Rows {
    pub fn new(delimiter: u8) -> Self {
        Rows { delimiter, lines: 0, discarding: false, quotes_broken: false }
    }
}

impl Cutter for Rows {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let rest = text.get(at..).unwrap_or(&[]);
        let line_end = memchr(b'\n', rest).map(|length| at + length + 1);
        if self.discarding {
            self.discarding = line_end.is_none();
            self.lines += u64::from(line_end.is_some());
            return Cut::Skip { next: line_end.unwrap_or(text.len()) };
        }
        let end = if self.quotes_broken { line_end.or(Some(text.len())) } else { row_end(text, at, self.delimiter) };
        let line = self.lines + 1;
        let next = match end {
            Some(end) if end < text.len() || last || text.ends_with(b"\n") => end,
            None if last => {
                self.quotes_broken = true;
                self.lines += 1;
                return Cut::Problem {
                    kind: ProblemKind::Malformed,
                    line,
                    message: "a quote in this row is never closed; left out, and quotes after it are not heeded".into(),
                    next: line_end.unwrap_or(text.len()),
                };
            }
            _ => return Cut::More,
        };
        let whole = text.get(at..next).unwrap_or(&[]);
        self.lines += memchr_iter(b'\n', whole).count() as u64;
        let row = whole.strip_suffix(b"\n").unwrap_or(whole);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if row.trim_ascii().is_empty() {
            return Cut::Skip { next };
        }
        Cut::Record { line, range: at..at + row.len(), next }
    }

    fn overflow(&mut self, text: &[u8], at: usize) -> u64 {
        self.discarding = true;
        self.quotes_broken = true;
        let line = self.lines + 1;
        self.lines += memchr_iter(b'\n', text.get(at..).unwrap_or(&[])).count() as u64;
        line
    }
}
