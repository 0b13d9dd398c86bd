use crate::ast::Place;
use std::fmt;

/// A text between double quotes, as it is written: what its backslashes mean depends on who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// What stands between the quotes.
    pub raw: String,
    pub place: Place,
}

impl Text {
    /// The text it stands for: `\"`, `\\`, `\n`, `\t` and `\r` replaced, and dashboard parameters by `*`,
    /// which is what a dashboard fills in where nothing is chosen. Any other backslash is itself.
    pub fn value(&self) -> String {
        let mut value = String::with_capacity(self.raw.len());
        let raw = fill_parameters(&self.raw);
        let mut characters = raw.chars();
        while let Some(c) = characters.next() {
            if c != '\\' {
                value.push(c);
                continue;
            }
            match characters.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some(plain @ ('"' | '\\')) => value.push(plain),
                Some(other) => value.extend(['\\', other]),
                None => value.push('\\'),
            }
        }
        value
    }

    /// The text for a regular expression: only quotes lose their backslash.
    pub fn pattern(&self) -> String {
        let mut value = String::with_capacity(self.raw.len());
        let raw = fill_parameters(&self.raw);
        let mut characters = raw.chars();
        while let Some(c) = characters.next() {
            if c != '\\' {
                value.push(c);
                continue;
            }
            match characters.next() {
                Some('"') => value.push('"'),
                Some(other) => value.extend(['\\', other]),
                None => value.push('\\'),
            }
        }
        value
    }
}

/// Puts `*` for every `{{parameter}}`.
pub(crate) fn fill_parameters(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, after)) = after.split_once("}}") else { break };
        filled.push_str(before);
        filled.push('*');
        rest = after;
    }
    filled.push_str(rest);
    filled
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw)
    }
}

/// A regular expression between slashes, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Regex {
    /// What stands between the slashes.
    pub raw: String,
    pub place: Place,
}

impl Regex {
    /// The expression: a slash needs no backslash any more.
    pub fn pattern(&self) -> String {
        fill_parameters(&self.raw).replace("\\/", "/")
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_mean_what_their_reader_makes_of_them() {
        let text = Text { raw: r#"a\"b\d\n\\{{x}}"#.into(), place: Place::default() };
        assert_eq!(text.value(), "a\"b\\d\n\\*");
        assert_eq!(text.pattern(), r#"a"b\d\n\\*"#);
    }
}
