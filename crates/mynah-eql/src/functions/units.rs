//! Texts as Elasticsearch counts them: in Java's 16-bit units.
use mynah_kernels::Case;
use std::borrow::Cow;

/// A text in 16-bit units.
pub(super) struct Units(Vec<u16>);

impl Units {
    pub(super) fn of(text: &str) -> Units {
        Units(text.encode_utf16().collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where another text first stands, not before `from`.
    pub(super) fn find(&self, part: &Units, from: usize) -> Option<usize> {
        let rest = self.0.get(from..)?;
        if part.0.is_empty() {
            return Some(from);
        }
        rest.windows(part.len()).position(|window| window == part.0).map(|at| from + at)
    }

    /// Where another text, which is not empty, last stands.
    pub(super) fn rfind(&self, part: &Units) -> Option<usize> {
        self.0.windows(part.len().max(1)).rposition(|window| window == part.0)
    }

    /// A part as text; half of a pair of units becomes the replacement character.
    pub(super) fn slice(&self, start: usize, end: usize) -> String {
        self.0.get(start..end).map(String::from_utf16_lossy).unwrap_or_default()
    }
}

/// A text as it is compared: in lower case where case is left aside.
pub(super) fn folded(text: &str, case: Case) -> Cow<'_, str> {
    match case {
        Case::Exact => Cow::Borrowed(text),
        Case::Folded => Cow::Owned(text.to_lowercase()),
    }
}
