use std::borrow::Cow;

/// A field of an audit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub key: &'a str,
    /// Without its quotes.
    pub value: &'a str,
    /// Whether quotes stood around it, so that it is no hexadecimal text.
    pub quoted: bool,
}

/// The fields of a record, those inside a quoted `msg` among them.
pub(super) fn fields(text: &str) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    // `msg='…'` of the programs' records is not nested any deeper.
    let mut pending: Vec<&str> = Vec::new();
    loop {
        let Some(equals) = rest.find('=') else {
            match pending.pop() {
                Some(more) => {
                    rest = more;
                    continue;
                }
                None => return found,
            }
        };
        let (before, after) = (rest.get(..equals).unwrap_or(""), rest.get(equals + 1..).unwrap_or(""));
        let key = before
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '[' | ']')))
            .next()
            .unwrap_or("");
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => {
                let inner = after.get(1..).unwrap_or("");
                let end = inner.find(quote).unwrap_or(inner.len());
                (inner.get(..end).unwrap_or(""), inner.get(end + 1..).unwrap_or(""))
            }
            None => {
                let end = after.find([' ', '\u{1d}']).unwrap_or(after.len());
                (after.get(..end).unwrap_or(""), after.get(end..).unwrap_or(""))
            }
        };
        rest = next;
        // `SADDR={ laddr=… }`: what counts is inside.
        if key.is_empty() || value == "{" {
            continue;
        }
        if key == "msg" && quote == Some('\'') && value.contains('=') {
            pending.push(next);
            rest = value;
            continue;
        }
        found.push(Field { key, value, quoted: quote.is_some() });
    }
}

/// Fields whose text comes from outside the kernel: hexadecimal where it holds a blank, a quote or
/// anything that is no printable ASCII, else in quotes.
const UNTRUSTED: [&str; 19] = [
    "acct",
    "cmd",
    "comm",
    "cwd",
    "data",
    "device",
    "dir",
    "exe",
    "file",
    "grp",
    "name",
    "new-disk",
    "ocomm",
    "old-disk",
    "path",
    "proctitle",
    "root_dir",
    "vm",
    "watch",
];

impl<'a> Field<'a> {
    /// The value with hexadecimal text decoded.
    pub fn decoded(&self) -> Cow<'a, str> {
        if !self.quoted
            && UNTRUSTED.contains(&self.key)
            && let Some(bytes) = hex(self.value)
        {
            return Cow::Owned(text(&bytes));
        }
        Cow::Borrowed(self.value)
    }
}

/// What hexadecimal digits stand for; none where they are none, or an odd number of them.
pub(super) fn hex(digits: &str) -> Option<Vec<u8>> {
    let bytes = digits.as_bytes();
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes
        .chunks_exact(2)
        .map(|pair| match pair {
            // The kernel writes capitals.
            [high, low] if !high.is_ascii_lowercase() && !low.is_ascii_lowercase() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                Some(digit(*high)? << 4 | digit(*low)?)
            }
            _ => None,
        })
        .collect()
}

/// Bytes as text. NULs at the end go, those inside (between a process title's arguments) become blanks.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    String::from_utf8_lossy(bytes.get(..end).unwrap_or(bytes)).replace('\0', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        fields(text).iter().map(|field| (field.key.to_owned(), field.decoded().into_owned())).collect()
    }

    fn expect(text: &str, wanted: &[(&str, &str)]) {
        let wanted: Vec<_> = wanted.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(pairs(text), wanted);
    }

    #[test]
    fn quoted_plain_and_hexadecimal_values() {
        expect(
            r#"pid=12 comm="ls" exe=2F62696E2F6120622F6C73 key=(null) res=success"#,
            &[("pid", "12"), ("comm", "ls"), ("exe", "/bin/a b/ls"), ("key", "(null)"), ("res", "success")],
        );
    }

    #[test]
    fn a_quoted_message_is_taken_apart() {
        expect(
            r#"pid=1 uid=0 msg='op=login acct="root" exe="/usr/sbin/sshd" addr=10.0.0.9 res=failed' more=1"#,
            &[
                ("pid", "1"),
                ("uid", "0"),
                ("op", "login"),
                ("acct", "root"),
                ("exe", "/usr/sbin/sshd"),
                ("addr", "10.0.0.9"),
                ("res", "failed"),
                ("more", "1"),
            ],
        );
    }

    #[test]
    fn hexadecimal_is_capitals_in_pairs() {
        assert_eq!(hex("6C73"), Some(b"ls".to_vec()));
        assert_eq!((hex("6c73"), hex("6C7"), hex(""), hex("LS")), (None, None, None, None));
        assert_eq!(text(b"ls\0-la\0"), "ls -la");
    }
}
