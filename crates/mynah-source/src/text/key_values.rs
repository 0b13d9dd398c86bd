//! `key=value` in any text.
use std::borrow::Cow;

/// How many pairs of a text are taken, and in how many of its bytes they are looked for: the limits of Splunk's automatic
/// extraction (limits.conf, `[kv]`).
const MOST_PAIRS: usize = 100;
const MOST_BYTES: usize = 10_240;

/// The pairs of a text, in their order. A value ends at a blank, a comma, a semicolon, a bar or an ampersand, or is in
/// double quotes.
pub(super) fn pairs(text: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or(text);
    let bytes = text.as_bytes();
    let mut found: Vec<(&str, Cow<'_, str>)> = Vec::new();
    let mut at = 0;
    while found.len() < MOST_PAIRS
        && let Some(equals) = memchr::memchr(b'=', bytes.get(at..).unwrap_or(&[])).map(|length| at + length)
    {
        let before = bytes.get(at..equals).unwrap_or(&[]);
        let length =
            before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-:".contains(byte)).count();
        let start = equals - length;
        let key = text.get(start..equals).unwrap_or("");
        let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && (start == 0 || bytes.get(start - 1).is_some_and(|byte| b" \t,;|&?([{\"'".contains(byte)));
        let (value, next) = value(text, equals + 1);
        at = if is_key { next.max(equals + 1) } else { equals + 1 };
        if is_key && !value.is_empty() && !found.iter().any(|(known, _)| *known == key) {
            found.push((key, value));
        }
    }
    found
}

/// The value that begins at `at`, and where it ends.
fn value(text: &str, at: usize) -> (Cow<'_, str>, usize) {
    let rest = text.get(at..).unwrap_or("");
    if let Some(inner) = rest.strip_prefix('"') {
        let (value, length) = super::envelope::quoted(inner);
        return (Cow::Owned(value), at + 1 + length);
    }
    let length = rest.find([' ', '\t', ',', ';', '|', '&', '\n', '\r']).unwrap_or(rest.len());
    (Cow::Borrowed(rest.get(..length).unwrap_or("")), at + length)
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn keys_and_values() {
        let found: Vec<String> = pairs(r#"user=ada, path="C:\Windows\a b" n=1;x=2|y=3 "q=4 a=b=c 1=2 e= user=eve ==="#)
            .into_iter()
            .map(|(key, value)| format!("{key}:{value}"))
            .collect();
        assert_eq!(found, ["user:ada", r"path:C:\Windows\a b", "n:1", "x:2", "y:3", "q:4", "a:b=c"]);
    }
}
