//! What syslog puts in front of a message: RFC 3164, RFC 5424, and what daemons write to files.
use super::time::{self, Today};

/// A line and what its beginning says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    /// Whether it is syslog's.
    pub is_syslog: bool,
    /// Facility times eight, and severity.
    pub priority: Option<u16>,
    pub version: Option<&'a str>,
    pub time: Option<String>,
    pub host: Option<&'a str>,
    pub program: Option<&'a str>,
    pub pid: Option<&'a str>,
    pub message_id: Option<&'a str>,
    /// Structured data with its brackets.
    pub structured: &'a str,
    /// What is left.
    pub message: &'a str,
}

impl<'a> Envelope<'a> {
    /// Reads the beginning of a line. What is no syslog is a message as a whole, with the first time in it.
    pub fn of(line: &'a str, today: Today) -> Envelope<'a> {
        let (priority, rest) = priority(line).map_or((None, line), |(priority, rest)| (Some(priority), rest));
        if priority.is_some()
            && let Some(envelope) = rfc_5424(rest, today)
        {
            return Envelope { priority, ..envelope };
        }
        if let Some(envelope) = rfc_3164(rest, priority.is_some(), today) {
            return Envelope { priority, ..envelope };
        }
        let time = time::find(rest, today).map(|found| found.text);
        Envelope { is_syslog: priority.is_some(), priority, time, message: rest, ..Envelope::default() }
    }
}

/// `<34>` and what follows.
fn priority(line: &str) -> Option<(u16, &str)> {
    let (number, rest) = line.strip_prefix('<')?.split_once('>')?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|number| is_number && *number <= 191)?;
    Some((number, rest))
}

/// Whether a line begins with a priority.
pub(crate) fn has_priority(line: &[u8]) -> bool {
    let begin = line.get(..line.len().min(5)).unwrap_or(line);
    std::str::from_utf8(begin).is_ok_and(|begin| priority(begin).is_some())
}

/// The next word, and what is behind the blank after it; `-` is none.
fn word(text: &str) -> Option<(Option<&str>, &str)> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (!word.is_empty()).then_some((Some(word).filter(|word| *word != "-"), rest))
}

fn rfc_5424(text: &str, today: Today) -> Option<Envelope<'_>> {
    let (version, rest) = text.split_once(' ')?;
    if version.is_empty() || version.len() > 2 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (stamp, rest) = word(rest)?;
    let time = match stamp {
        Some(stamp) => Some(time::at_start(stamp, 0, today).filter(|found| found.range.end == stamp.len())?.text),
        None => None,
    };
    let (host, rest) = word(rest)?;
    let (program, rest) = word(rest)?;
    let (pid, rest) = word(rest)?;
    let (message_id, rest) = word(rest)?;
    let (structured, rest) = structured(rest)?;
    let message = rest.strip_prefix(' ').unwrap_or(rest);
    let message = message.strip_prefix('\u{feff}').unwrap_or(message);
    let version = Some(version);
    Some(Envelope {
        is_syslog: true,
        priority: None,
        version,
        time,
        host,
        program,
        pid,
        message_id,
        structured,
        message,
    })
}

/// `-`, or elements in brackets without blanks between; and what follows.
fn structured(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('-') {
        return Some(("", rest)).filter(|_| rest.is_empty() || rest.starts_with(' '));
    }
    let mut at = 0;
    while text.as_bytes().get(at) == Some(&b'[') {
        at = element_end(text, at)?;
    }
    (at > 0).then(|| text.split_at_checked(at)).flatten()
}

/// The index behind the element that opens at `at`.
fn element_end(text: &str, at: usize) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (index, byte) in text.bytes().enumerate().skip(at) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// The elements of structured data: each with its name, and its parameters, whose values may hold escapes.
pub(crate) fn elements(structured: &str) -> Vec<(&str, Vec<(&str, String)>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(end) =
        structured.get(at..).filter(|rest| rest.starts_with('[')).and_then(|_| element_end(structured, at))
    {
        let inner = structured.get(at + 1..end - 1).unwrap_or("");
        let (name, mut rest) = inner.split_once(' ').unwrap_or((inner, ""));
        let mut parameters = Vec::new();
        while let Some((key, behind)) = rest.split_once("=\"") {
            let (value, length) = quoted(behind);
            parameters.push((key.trim(), value));
            rest = behind.get(length..).unwrap_or("");
        }
        found.push((name, parameters));
        at = end;
    }
    found
}

/// The text up to the closing quote, its escapes resolved, and the length with the quote.
pub(super) fn quoted(text: &str) -> (String, usize) {
    let mut value = String::new();
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' | '\\' | ']' if escaped => value.push(c),
            _ if escaped => {
                value.push('\\');
                value.push(c);
            }
            '\\' => {
                escaped = true;
                continue;
            }
            '"' => return (value, index + 1),
            _ => value.push(c),
        }
        escaped = false;
    }
    (value, text.len())
}

/// The older form: time, host, and the program's name with a colon. Without a priority before it, it must look like it.
fn rfc_3164(text: &str, is_certain: bool, today: Today) -> Option<Envelope<'_>> {
    // Some devices count their messages: `<189>29: *Mar 14 12:00:00: %SYS-5-CONFIG_I: …`
    let skipped = if is_certain { text.len() - without_counter(text).len() } else { 0 };
    let found = time::at_start(text, skipped, today).filter(|found| found.text.contains('T'))?;
    let rest = text.get(found.range.end..)?;
    let time = Some(found.text);
    if let Some(message) = rest.strip_prefix(':').or_else(|| rest.strip_prefix(" :")) {
        // Cisco's devices leave their name out unless they are told to write it.
        let message = message.trim_start_matches(' ');
        let is_cisco = message.starts_with('%');
        return (is_cisco || is_certain).then(|| Envelope { is_syslog: true, time, message, ..Envelope::default() });
    }
    let rest = rest.strip_prefix(' ')?.trim_start_matches(' ');
    let (host, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let behind = behind.strip_prefix(": ").unwrap_or(behind).trim_start_matches(' ');
    if !is_host(host) {
        // A message without a host: `<13>Mar 14 12:00:00 program: text`.
        let (program, pid, message) = tag(rest).filter(|_| is_certain)?;
        let (program, pid) = (Some(program), pid);
        return Some(Envelope { is_syslog: true, time, program, pid, message, ..Envelope::default() });
    }
    let (program, pid, message) = match tag(behind) {
        Some((program, pid, message)) => (Some(program), pid, message),
        None => (None, None, behind),
    };
    let is_plausible = program.is_some()
        || is_certain
        || ["CEF:", "LEEF:", "%", "{"].iter().any(|start| message.starts_with(start))
        || host.contains(['.', '-']) && host.bytes().any(|byte| byte.is_ascii_alphanumeric())
        || host.bytes().any(|byte| byte.is_ascii_digit());
    is_plausible.then_some(Envelope {
        is_syslog: true,
        time,
        host: Some(host),
        program,
        pid,
        message,
        ..Envelope::default()
    })
}

fn without_counter(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).and_then(|rest| rest.strip_prefix(": ")).filter(|_| digits > 0).unwrap_or(text);
    rest.strip_prefix(['*', '.']).unwrap_or(rest)
}

/// Whether a word can be a host's name or address, and is no level that programs write there.
fn is_host(word: &str) -> bool {
    const LEVELS: [&str; 14] = [
        "trace",
        "debug",
        "info",
        "information",
        "notice",
        "warn",
        "warning",
        "error",
        "err",
        "severe",
        "critical",
        "crit",
        "fatal",
        "alert",
    ];
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    !word.is_empty()
        && word.len() <= 255
        && !word.ends_with(':')
        && word.bytes().all(named)
        && !LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level))
}

/// `program[123]: text`, taken apart.
fn tag(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = text.find([' ', ':', '[', '\t'])?;
    let program = text.get(..end).filter(|name| !name.is_empty() && name.len() <= 128)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/@()+".contains(&byte);
    if !program.bytes().all(allowed) || matches!(program, "CEF" | "LEEF") {
        return None;
    }
    let rest = text.get(end..)?;
    let (pid, rest) = match rest.strip_prefix('[') {
        Some(inside) => {
            let (pid, rest) = inside.split_once(']')?;
            (Some(pid).filter(|pid| !pid.is_empty()), rest)
        }
        None => (None, rest),
    };
    let message = rest.strip_prefix(':')?;
    Some((program, pid, message.strip_prefix(' ').unwrap_or(message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Today = Today { year: 2026, month: 3, day: 15 };

    fn parts(line: &str) -> [Option<String>; 5] {
        let found = Envelope::of(line, TODAY);
        assert!(found.is_syslog, "{line}");
        let text = |text: Option<&str>| text.map(str::to_owned);
        [found.time, text(found.host), text(found.program), text(found.pid), text(Some(found.message))]
    }

    fn expect(line: &str, wanted: [&str; 5]) {
        assert_eq!(parts(line), wanted.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty())), "{line}");
    }

    #[test]
    fn both_rfcs_and_what_daemons_write() {
        expect("<34>Mar 14 12:00:00 gate su[7]: no luck", ["2026-03-14T12:00:00", "gate", "su", "7", "no luck"]);
        expect("Mar  4 12:00:00 gate cron: x", ["2026-03-04T12:00:00", "gate", "cron", "", "x"]);
        expect(
            "<165>1 2026-03-14T12:00:00.5Z gate app - ID47 [a@1 b=\"c \\\"]\"][d@1] \u{feff}text",
            ["2026-03-14T12:00:00.5Z", "gate", "app", "", "text"],
        );
        expect("2026-03-14T12:00:00+01:00 gate sshd[7]: x", ["2026-03-14T12:00:00+01:00", "gate", "sshd", "7", "x"]);
        expect("<166>Mar 14 2026 12:00:00: %ASA-6-1: x", ["2026-03-14T12:00:00", "", "", "", "%ASA-6-1: x"]);
        expect("Mar 14 2026 12:00:00 fw : %ASA-6-1: x", ["2026-03-14T12:00:00", "fw", "", "", "%ASA-6-1: x"]);
        expect("<189>29: *Mar 14 12:00:00.1: %SYS-5-X: x", ["2026-03-14T12:00:00.1", "", "", "", "%SYS-5-X: x"]);
        expect("Mar 14 12:00:00 gate CEF:0|a|b", ["2026-03-14T12:00:00", "gate", "", "", "CEF:0|a|b"]);
        expect("<13>text alone", ["", "", "", "", "text alone"].map(|text| text));
    }

    #[test]
    fn what_is_no_syslog() {
        for line in ["2026-03-14 12:00:00 INFO main: started", "Mar 14 12:00:00 all done", "<b>", "<999>x", "1,2,3", ""]
        {
            assert!(!Envelope::of(line, TODAY).is_syslog, "{line}");
        }
    }

    #[test]
    fn structured_data() {
        let found = elements("[a@1 b=\"c \\\"]\" d=\"\"][e]");
        assert_eq!(found, [("a@1", vec![("b", "c \"]".to_owned()), ("d", String::new())]), ("e", vec![])]);
    }
}
