/// One line of an audit log: `[node=NODE] type=TYPE msg=audit(TIME:SERIAL): FIELDS`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub node: Option<&'a str>,
    pub kind: &'a str,
    pub time: &'a str,
    pub serial: &'a str,
    /// The fields as the kernel or a program wrote them.
    pub fields: &'a str,
    /// What the daemon added when it was told to resolve numbers (`log_format = ENRICHED`).
    pub enrichment: &'a str,
}

/// What lines of one event share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    pub node: Option<String>,
    pub time: String,
    pub serial: String,
}

impl Stamp {
    pub fn of(line: &Line<'_>) -> Stamp {
        Stamp { node: line.node.map(str::to_owned), time: line.time.to_owned(), serial: line.serial.to_owned() }
    }
}

/// What stands between a record's own fields and those that enrichment adds.
const SEPARATOR: char = '\u{1d}';

impl<'a> Line<'a> {
    pub fn parse(text: &'a str) -> Option<Line<'a>> {
        let text = text.trim_start();
        let (node, rest) = match text.strip_prefix("node=") {
            Some(rest) => {
                let (node, rest) = rest.split_once(' ')?;
                (Some(node), rest.trim_start())
            }
            None => (None, text),
        };
        let (kind, rest) = rest.strip_prefix("type=")?.split_once(' ')?;
        let (stamp, rest) = rest.trim_start().strip_prefix("msg=audit(")?.split_once(')')?;
        let (time, serial) = stamp.rsplit_once(':')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !digits(time) || !digits(serial) {
            return None;
        }
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let (fields, enrichment) = rest.split_once(SEPARATOR).unwrap_or((rest, ""));
        Some(Line { node, kind, time, serial, fields: fields.trim(), enrichment: enrichment.trim() })
    }
}

/// Whether a line is one of the audit daemon's.
pub(crate) fn is_audit_line(line: &[u8]) -> bool {
    // The stamp stands near the beginning; what comes later may be cut in a character.
    let begin = line.get(..line.len().min(512)).unwrap_or(line);
    let text = String::from_utf8_lossy(begin);
    Line::parse(&text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_line() {
        let line = Line::parse("node=web-1 type=CWD msg=audit(1700000000.123:42): cwd=\"/root\"\u{1d}X=\"y\"").unwrap();
        assert_eq!((line.node, line.kind, line.time, line.serial), (Some("web-1"), "CWD", "1700000000.123", "42"));
        assert_eq!((line.fields, line.enrichment), ("cwd=\"/root\"", "X=\"y\""));
        for other in ["", "type=CWD", "type=CWD msg=audit(x:1): a=b", "type=CWD msg=audit(1.2): a=b", "{\"type\":1}"] {
            assert_eq!(Line::parse(other), None, "{other}");
        }
    }
}
