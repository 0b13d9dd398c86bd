//! Rows and their fields. The `csv` crate would not do: it does not tell an empty field from `""`, and a quote that
//! is never closed would cost it all rows behind.
use crate::ProblemKind;
use crate::container::{Cut, Cutter, newlines};
use memchr::{memchr, memchr2};
use std::borrow::Cow;

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
        self.lines += newlines(whole);
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
        self.lines += newlines(text.get(at..).unwrap_or(&[]));
        line
    }
}

/// One field of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub text: Cow<'a, str>,
    pub quoted: bool,
}

/// The index behind the row that starts at `at`, its line break included; none if the text ends in
/// the middle of a quoted field.
fn row_end(text: &[u8], at: usize, delimiter: u8) -> Option<usize> {
    let mut at = at;
    loop {
        if text.get(at) == Some(&b'"') {
            at = quote_end(text, at + 1)?;
        }
        let rest = text.get(at..).unwrap_or(&[]);
        match memchr2(delimiter, b'\n', rest) {
            None => return Some(text.len()),
            Some(length) if rest.get(length) == Some(&b'\n') => return Some(at + length + 1),
            Some(length) => at += length + 1,
        }
    }
}

/// The index behind the quote that closes a field; two quotes stand for one.
fn quote_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', text.get(at..)?)?;
        if text.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

/// The rows of a text; the last only if it is whole.
pub(super) fn split(text: &str, delimiter: u8, whole: bool) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let end = row_end(text.as_bytes(), at, delimiter)?;
        let row = text.get(at..end)?;
        at = end;
        (whole || row.ends_with('\n')).then_some(row)
    })
}

/// The fields of a row.
pub(super) fn fields(row: &str, delimiter: u8) -> impl Iterator<Item = Field<'_>> {
    let row = row.strip_suffix('\n').unwrap_or(row);
    let row = row.strip_suffix('\r').unwrap_or(row);
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let field = rest?;
        let quoted = field.starts_with('"');
        let close = if quoted { quote_end(field.as_bytes(), 1).unwrap_or(field.len()) } else { 0 };
        let tail = field.get(close..).unwrap_or("");
        let (after, next) = match memchr(delimiter, tail.as_bytes()) {
            Some(end) => (tail.get(..end).unwrap_or(""), tail.get(end + 1..)),
            None => (tail, None),
        };
        rest = next;
        let text = if quoted {
            let inner = field.get(1..close).unwrap_or("");
            let inner = inner.strip_suffix('"').unwrap_or(inner);
            let inner =
                if inner.contains('"') { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
            if after.is_empty() { inner } else { Cow::Owned(inner.into_owned() + after) }
        } else {
            Cow::Borrowed(after)
        };
        Some(Field { text, quoted })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &str) -> Vec<String> {
        fields(row, b',').map(|field| field.text.into_owned()).collect()
    }

    #[test]
    fn quotes_hold_delimiters_breaks_and_quotes() {
        assert_eq!(texts("a,\"b,\"\"c\"\"\n\",,d\r\n"), ["a", "b,\"c\"\n", "", "d"]);
        assert_eq!(texts("5\" disk,x"), ["5\" disk", "x"]);
        assert_eq!(texts("\"open,x"), ["open,x"]);
        assert_eq!(texts(""), [""]);
        assert_eq!(texts("é,\"日\"\"\""), ["é", "日\""]);
    }

    #[test]
    fn rows_end_where_no_quote_is_open() {
        let text = "a,\"x\ny\"\nb,\"z";
        assert_eq!(row_end(text.as_bytes(), 0, b','), Some(8));
        assert_eq!(row_end(text.as_bytes(), 8, b','), None);
    }
}
