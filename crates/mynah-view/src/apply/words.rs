use std::borrow::Cow;

/// Quotes stay where they are: only spaces outside of them separate, and each of two spaces in a row does.
pub(super) fn words(value: &str) -> Vec<Cow<'static, str>> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (at, c) in value.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            words.extend(value.get(start..at).map(|word| Cow::Owned(word.to_owned())));
            start = at + c.len_utf8();
        }
    }
    if start < value.len() {
        words.extend(value.get(start..).map(|word| Cow::Owned(word.to_owned())));
    }
    words
}
