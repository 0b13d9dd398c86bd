/// A text without the characters that XML and HTML cannot hold; each becomes U+FFFD.
pub(crate) fn printable(text: &str) -> String {
    let forbidden = |c: char| (c.is_control() && !matches!(c, '\t' | '\n')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if forbidden(c) { '\u{FFFD}' } else { c }).collect()
}
