/// Where the double-quoted text that opens at `start` ends: the offset after its closing quote, or
/// `None` where it has none. A backslash takes the next character's meaning away.
pub(crate) fn end_of_quoted(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// Where the bracket that opens at `start` is closed: the offset after the one that closes it, or `None` where none
/// does. Brackets in quotes, and those behind a backslash, do not count.
pub(crate) fn end_of_brackets(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut nested) = (start, 0usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_quoted(text, at)?;
                continue;
            }
            b'\\' => at += 1,
            b'[' => nested += 1,
            b']' => nested = nested.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if *byte == b']' && nested == 0 {
            return Some(at);
        }
    }
    None
}

/// What a quoted text of the search language stands for: `\"` is a quote and `\\` a backslash; any
/// other backslash is one.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next @ ('"' | '\\'))) => {
                out.push(*next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_at_the_first_unescaped_quote() {
        assert_eq!(end_of_quoted(r#""a\"b" c"#, 0), Some(6));
        assert_eq!(end_of_quoted(r#""a\\" c"#, 0), Some(5));
        assert_eq!(end_of_quoted(r#""a"#, 0), None);
        assert_eq!(end_of_quoted(r#""a\"#, 0), None);
    }

    #[test]
    fn only_quotes_and_backslashes_are_escaped() {
        assert_eq!(unescape(r#"C:\\x\y \"q\""#), r#"C:\x\y "q""#);
    }
}
