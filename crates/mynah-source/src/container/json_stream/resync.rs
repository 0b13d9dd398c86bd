use crate::container::Cut;
use crate::json::{skip_space, string_end};
use memchr::{memchr_iter, memrchr};

/// The search for the record after a broken one.
///
/// A record of the same array begins as the broken one did: at the start of a line with the same
/// indentation, or after a comma with the same first key. Objects inside records do neither, as a rule.
#[derive(Debug)]
pub(super) struct Resync {
    /// The broken record's first key, in its quotes.
    key: Option<Vec<u8>>,
    /// How far its line is indented, where it starts its line.
    indent: Option<usize>,
}

/// Where the search got.
pub(super) struct Found {
    pub cut: Cut,
    /// Whether a record starts where the cut says to go on.
    pub is_record: bool,
}

/// How much text to keep before the part not searched yet, to see what a record stands after.
const BEFORE: usize = 4096;

impl Resync {
    pub fn after(text: &[u8], start: usize) -> Self {
        let key_start = skip_space(text, start + 1);
        let key = (text.get(key_start) == Some(&b'"'))
            .then(|| string_end(text, key_start + 1))
            .flatten()
            .and_then(|key_end| text.get(key_start..key_end))
            .filter(|key| !key.contains(&b'\n'));
        Resync { key: key.map(<[u8]>::to_vec), indent: indent(text, start) }
    }

    pub fn find(&self, text: &[u8], at: usize, last: bool) -> Found {
        for offset in memchr_iter(b'{', text.get(at..).unwrap_or(&[])) {
            let start = at + offset;
            let key = skip_space(text, start + 1);
            let wanted = self.key.as_deref().unwrap_or(b"\"");
            if !last && text.len() < key + wanted.len() {
                break;
            }
            if !matches!(text.get(key), Some(b'"' | b'}')) {
                continue;
            }
            let same_key = self.key.is_some() && text.get(key..).is_some_and(|rest| rest.starts_with(wanted));
            let before = text.get(..start).unwrap_or(&[]).trim_ascii_end().last();
            let same_indent = self.indent.is_some() && indent(text, start) == self.indent;
            if same_indent || (same_key && before == Some(&b',')) {
                return Found { cut: Cut::Skip { next: start }, is_record: true };
            }
        }
        if last {
            return Found { cut: Cut::Skip { next: text.len() }, is_record: false };
        }
        let line = memrchr(b'\n', text).unwrap_or(0);
        let keep = line.max(text.len().saturating_sub(BEFORE));
        let cut = if keep > at { Cut::Skip { next: keep } } else { Cut::More };
        Found { cut, is_record: false }
    }
}

/// How many blanks stand before `start` on its line, if nothing else does.
fn indent(text: &[u8], start: usize) -> Option<usize> {
    let before = text.get(..start)?;
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let line_start = start - blanks;
    (line_start == 0 || before.get(line_start - 1) == Some(&b'\n')).then_some(blanks)
}
