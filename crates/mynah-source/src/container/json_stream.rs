mod discard;
mod resync;
mod scan;
mod wrapper;

pub(crate) use wrapper::{Wrapper, wrapper};

use crate::ProblemKind;
use crate::container::{Cut, Cutter, newlines};
use crate::json::value_end;
use discard::Discard;
use memchr::memchr;
use resync::Resync;
use scan::{Outcome, Scan};

/// JSON objects on many lines or many to a line: one after another, in an array, or in a wrapper.
#[derive(Debug)]
pub(crate) struct JsonStream {
    /// How many line breaks came before.
    lines: u64,
    place: Place,
    mode: Mode,
    /// How many bytes may yet be looked at twice, so that a file made for it cannot make reading it quadratic.
    rescans: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Array,
    /// In the array that an object wraps.
    Wrapped,
}

#[derive(Debug)]
enum Mode {
    /// At a record's start, or before it.
    Between,
    /// In a record that did not end in the text so far.
    Within(Box<Scan>),
    /// In something of no interest.
    Discard(Discard),
    /// After a broken record, before the next one.
    Resync(Resync),
}

impl Default for JsonStream {
    fn default() -> Self {
        JsonStream { lines: 0, place: Place::Top, mode: Mode::Between, rescans: 256 * 1024 * 1024 }
    }
}

impl Cutter for JsonStream {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let cut = self.look(text, at, last);
        self.lines += cut.lines(text, at);
        cut
    }

    fn overflow(&mut self, text: &[u8], at: usize) -> u64 {
        let line = self.line(text, at, Self::start(text, at));
        self.lines += newlines(text.get(at..).unwrap_or(&[]));
        let scan = match std::mem::replace(&mut self.mode, Mode::Between) {
            Mode::Within(scan) => scan,
            _ => Box::new(Scan::new()),
        };
        let pending = text.get(Self::start(text, at) + scan.done()..).unwrap_or(&[]);
        let in_string = pending.first() == Some(&b'"');
        let escaped = in_string && pending.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        self.mode = Mode::Discard(Discard { depth: scan.depth, in_string, escaped });
        line
    }
}

impl JsonStream {
    /// The first index from `at` that may start something.
    fn start(text: &[u8], at: usize) -> usize {
        let between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | 0x1e);
        text.iter().skip(at).position(|byte| !between(byte)).map_or(text.len(), |length| at + length)
    }

    fn line(&self, text: &[u8], at: usize, start: usize) -> u64 {
        1 + self.lines + newlines(text.get(at..start).unwrap_or(&[]))
    }

    fn look(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        match std::mem::replace(&mut self.mode, Mode::Between) {
            Mode::Between => self.between(text, at, last),
            Mode::Within(scan) => self.record(*scan, text, at, Self::start(text, at), last),
            Mode::Discard(mut discard) => {
                let end = discard.run(text, at);
                if end.is_none() {
                    self.mode = Mode::Discard(discard);
                }
                Cut::Skip { next: end.unwrap_or(text.len()) }
            }
            Mode::Resync(resync) => {
                let found = resync.find(text, at, last);
                if !found.is_record {
                    self.mode = Mode::Resync(resync);
                }
                found.cut
            }
        }
    }

    fn between(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let start = Self::start(text, at);
        let Some(byte) = text.get(start) else { return Cut::Skip { next: text.len() } };
        match (self.place, byte) {
            (Place::Top, b'{') => match wrapper(text, start, last) {
                Wrapper::Array(next) => {
                    self.place = Place::Wrapped;
                    Cut::Skip { next }
                }
                Wrapper::More => Cut::More,
                Wrapper::No => self.record(Scan::new(), text, at, start, last),
            },
            (_, b'{') => self.record(Scan::new(), text, at, start, last),
            (Place::Top, b'[') => {
                self.place = Place::Array;
                Cut::Skip { next: start + 1 }
            }
            (Place::Array, b']') => {
                self.place = Place::Top;
                Cut::Skip { next: start + 1 }
            }
            (Place::Wrapped, b']') => {
                self.place = Place::Top;
                self.mode = Mode::Discard(Discard { depth: 1, in_string: false, escaped: false });
                Cut::Skip { next: start + 1 }
            }
            (place, _) => {
                let end = match place {
                    Place::Top => memchr(b'\n', text.get(start..).unwrap_or(&[])).map(|length| start + length + 1),
                    _ => value_end(text, start).filter(|end| *end < text.len()),
                };
                let Some(end) = end.or(last.then_some(text.len())) else { return Cut::More };
                let what = if place == Place::Top { "this" } else { "this element" };
                Cut::Problem {
                    kind: ProblemKind::Malformed,
                    line: self.line(text, at, start),
                    message: format!("{what} is no JSON object"),
                    next: end.max(start + 1),
                }
            }
        }
    }

    fn record(&mut self, mut scan: Scan, text: &[u8], at: usize, start: usize, last: bool) -> Cut {
        match scan.run(text, start, last) {
            Outcome::More => {
                self.mode = Mode::Within(Box::new(scan));
                Cut::More
            }
            Outcome::End(next) if scan.too_deep => Cut::Problem {
                kind: ProblemKind::TooDeep,
                line: self.line(text, at, start),
                message: crate::container::too_deep(),
                next,
            },
            Outcome::End(next) => Cut::Record { line: self.line(text, at, start), range: start..next, next },
            Outcome::Broken(broken, why) => {
                self.mode = Mode::Resync(Resync::after(text, start));
                let length = broken - start;
                let next = if self.rescans >= length { start + 1 } else { broken };
                self.rescans = self.rescans.saturating_sub(length);
                let kind = if broken == text.len() && last { ProblemKind::Damaged } else { ProblemKind::Malformed };
                Cut::Problem { kind, line: self.line(text, at, start), message: why.to_owned(), next }
            }
        }
    }
}
