use super::keys::PlainKeys;
use super::{JsonIndex, MAX_DEPTH};
use std::ops::Range;

/// What is wrong with a record's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It ends before its outermost object does.
    #[error("the JSON ends too early")]
    Truncated,
    /// It is none.
    #[error("the JSON is malformed at byte {0} of the record")]
    Malformed(usize),
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("the JSON is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
}

/// A JSON text in which one gets from a value's beginning to its end at once. Made by [`JsonIndex::of`].
#[derive(Debug, Clone, Copy)]
pub struct JsonText<'a> {
    text: &'a str,
    index: &'a JsonIndex,
}

impl<'a> JsonText<'a> {
    pub(super) fn new(text: &'a str, index: &'a JsonIndex) -> Self {
        JsonText { text, index }
    }

    /// The text at a range of bytes; nothing where that cuts a character.
    #[inline]
    pub fn get(self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// The byte at `at`.
    #[inline]
    pub fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// How many bytes there are.
    #[inline]
    pub fn len(self) -> usize {
        self.text.len()
    }

    /// Whether there is no text.
    pub fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// The next index from `at` that holds no white space.
    #[inline]
    pub fn skip_space(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte(at) {
            at += 1;
        }
        at
    }

    /// Whether an escape is in this range.
    #[inline]
    pub fn has_escape(self, range: &Range<usize>) -> bool {
        self.index.has_backslash(range.start, range.end)
    }

    /// Whether a string in this range may be one of these keys: it may if it is, or if it could be with its escapes
    /// resolved.
    #[inline]
    pub fn may_hold(self, range: Range<usize>, keys: &PlainKeys) -> bool {
        let bytes = self.text.as_bytes();
        keys.by_length()
            .any(|keys| self.index.any_string(range.start, range.end, keys.length, |at| keys.is_at(bytes, at)))
            || (self.has_escape(&range) && memchr::memmem::find(self.get(range).as_bytes(), b"\\u").is_some())
    }

    /// What went wrong if something else should stand at `at`.
    pub fn broken_at(self, at: usize) -> JsonError {
        if at >= self.text.len() { JsonError::Truncated } else { JsonError::Malformed(at) }
    }

    /// What is between the quotes of the string that begins at `at`.
    ///
    /// # Errors
    /// Where none begins there, or it does not end.
    #[inline]
    pub fn string(self, at: usize) -> Result<Range<usize>, JsonError> {
        if self.byte(at) != Some(b'"') {
            return Err(self.broken_at(at));
        }
        match self.index.quote(at + 1) {
            Some(end) => Ok(at + 1..end),
            None => Err(JsonError::Truncated),
        }
    }

    /// The index behind the value that begins at `at`, `depth` levels below the outermost object.
    ///
    /// # Errors
    /// Where none begins there, or it does not end, or is nested too deep.
    #[inline]
    pub fn value_end(self, at: usize, depth: usize) -> Result<usize, JsonError> {
        match self.byte(at) {
            Some(b'"') => self.string(at).map(|inner| inner.end + 1),
            Some(b'{' | b'[') => self.nested_end(at + 1, depth),
            Some(b'-' | b'0'..=b'9') => {
                let mut end = at + 1;
                while let Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') = self.byte(end) {
                    end += 1;
                }
                Ok(end)
            }
            _ => {
                let rest = self.text.get(at..).unwrap_or("");
                let word = ["null", "true", "false"].into_iter().find(|word| rest.starts_with(word));
                word.map(|word| at + word.len()).ok_or_else(|| self.broken_at(at))
            }
        }
    }

    /// The index behind the object or array that is open at `at`, and begins `depth` levels below the outermost object.
    /// Only brackets matter, of whatever kind they are.
    ///
    /// # Errors
    /// Where it does not end, or is nested too deep.
    pub fn nested_end(self, at: usize, depth: usize) -> Result<usize, JsonError> {
        let mut open = 1;
        let end = self.index.find_bracket(at, |bracket| match self.byte(bracket) {
            Some(b'{' | b'[') => {
                open += 1;
                (depth + open > MAX_DEPTH).then_some(Err(JsonError::TooDeep))
            }
            Some(b'}' | b']') => {
                open -= 1;
                (open == 0).then_some(Ok(bracket + 1))
            }
            _ => None,
        });
        end.unwrap_or(Err(JsonError::Truncated))
    }
}
