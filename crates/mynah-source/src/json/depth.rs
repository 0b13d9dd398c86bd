use crate::json::{MAX_DEPTH, string_end};

/// Whether a document is nested deeper than [`MAX_DEPTH`].
pub(crate) fn is_too_deep(text: &[u8]) -> bool {
    // Counting brackets, those in strings too, is fast, and mostly says enough.
    if text.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() <= MAX_DEPTH {
        return false;
    }
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => match string_end(text, at) {
                Some(end) => at = end,
                None => return false,
            },
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
