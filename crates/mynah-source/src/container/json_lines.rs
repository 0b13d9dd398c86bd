use crate::ProblemKind;
use crate::container::{Cut, Cutter};
use crate::json::is_too_deep;
use memchr::memchr;

/// One JSON object a line.
///
/// This is the path that large data takes, so a line is looked at no further than its two ends;
/// whether the JSON between them is good shows when fields are taken from it.
#[derive(Debug, Default)]
pub(crate) struct JsonLines {
    /// How many lines came before.
    lines: u64,
    discarding: bool,
}

impl JsonLines {
    /// How many lines were met so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }
}

/// Lines from here on are looked into for their depth.
const LONG: usize = 16 * 1024;

impl Cutter for JsonLines {
    fn cut(&mut self, text: &[u8], at: usize, last: bool) -> Cut {
        let rest = text.get(at..).unwrap_or(&[]);
        let (length, next) = match memchr(b'\n', rest) {
            Some(length) => (length, at + length + 1),
            None if last || self.discarding => (rest.len(), text.len()),
            None => return Cut::More,
        };
        if self.discarding {
            self.discarding = length == rest.len() && !last;
            self.lines += u64::from(!self.discarding);
            return Cut::Skip { next };
        }
        self.lines += 1;
        let line = self.lines;
        let whole = rest.get(..length).unwrap_or(&[]);
        let begun = whole.trim_ascii_start();
        let trimmed = begun.trim_ascii_end();
        let start = at + (whole.len() - begun.len());
        match trimmed {
            [] => Cut::Skip { next },
            [b'{', .., b'}'] if trimmed.len() > LONG && is_too_deep(trimmed) => {
                Cut::Problem { kind: ProblemKind::TooDeep, line, message: crate::container::too_deep(), next }
            }
            [b'{', .., b'}'] => Cut::Record { line, range: start..start + trimmed.len(), next },
            [b'{', ..] => {
                let message = "the JSON object on this line breaks off".to_owned();
                Cut::Problem { kind: ProblemKind::Malformed, line, message, next }
            }
            _ => {
                let message = "this line is no JSON object".to_owned();
                Cut::Problem { kind: ProblemKind::Malformed, line, message, next }
            }
        }
    }

    fn overflow(&mut self, _text: &[u8], _at: usize) -> u64 {
        self.discarding = true;
        self.lines + 1
    }
}
