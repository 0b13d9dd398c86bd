use crate::Format;
use crate::archive::Archive;
use crate::container::auditd::is_audit_line;
use crate::container::csv::delimiter;
use crate::container::json_stream::{Wrapper, wrapper};
use crate::json::{skip_space, value_end};
use crate::text::{begins_with_event_format, begins_with_time, has_priority, has_time};
use serde::de::IgnoredAny;

/// How many bytes of a text are looked at to tell what it is.
pub(crate) const HEAD: usize = 64 * 1024;

/// What the beginning of a file says of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    Is(Format),
    /// A container of files.
    Archive(Archive),
    /// No log; what it looks like instead.
    NotLogs(&'static str),
}

/// Tells a container by how its content begins; `whole` if that is all of it.
pub(crate) fn sniff(head: &[u8], whole: bool) -> Sniffed {
    if let Some(archive) = Archive::of(head) {
        return Sniffed::Archive(archive);
    }
    let start = skip_space(head, 0);
    let Some(first) = head.get(start) else {
        return if whole { Sniffed::Is(Format::Empty) } else { Sniffed::NotLogs("blank") };
    };
    if head.starts_with(b"ElfFile\0") {
        return Sniffed::Is(Format::Evtx);
    }
    if head.starts_with(b"PAR1") {
        return Sniffed::Is(Format::Parquet);
    }
    if let Some(found) = known_binary(head) {
        return Sniffed::NotLogs(found);
    }
    if head.contains(&0) && !matches!(first, b'{' | b'[') {
        return Sniffed::NotLogs("binary data");
    }
    if *first == b'<' && !has_priority(head.get(start..).unwrap_or(head)) {
        let events = memchr::memmem::find(head, b"<Event").is_some();
        return if events { Sniffed::Is(Format::WindowsXml) } else { Sniffed::NotLogs("XML without Windows events") };
    }
    if *first == b'{' && matches!(wrapper(head, start, whole), Wrapper::Array(_)) {
        return Sniffed::Is(Format::Json);
    }
    let lines = Lines::of(head, whole);
    if lines.audit * 2 > lines.count {
        return Sniffed::Is(Format::Auditd);
    }
    if *first != b'[' && (lines.first_is_object || lines.objects * 2 > lines.count) {
        return Sniffed::Is(Format::JsonLines);
    }
    if *first == b'{' || (*first == b'[' && matches!(head.get(skip_space(head, start + 1)), Some(b'{' | b'[' | b']'))) {
        return Sniffed::Is(Format::Json);
    }
    if *first == b'[' && whole && serde_json::from_slice::<IgnoredAny>(head).is_ok() {
        return Sniffed::NotLogs("JSON without objects");
    }
    if *first == b'#' {
        let line = head.get(start..).unwrap_or(head);
        if line.starts_with(b"#separator ") {
            return Sniffed::Is(Format::Zeek);
        }
        if ["#Software:", "#Version:", "#Fields:", "#Date:"].iter().any(|name| line.starts_with(name.as_bytes())) {
            return Sniffed::Is(Format::W3c);
        }
    }
    // No name of a column is a time, and none is CEF's or LEEF's header.
    let text = head.get(start..).unwrap_or(head);
    let is_log = has_priority(text) || begins_with_time(head) || begins_with_event_format(text);
    if !is_log && delimiter(head, whole).is_some() {
        return Sniffed::Is(Format::Csv);
    }
    if !is_log && (lines.objects > 0 || lines.audit > 0) {
        // A log whose beginning is damaged.
        return Sniffed::Is(if lines.objects > lines.audit { Format::JsonLines } else { Format::Auditd });
    }
    if is_text(head, whole) { Sniffed::Is(Format::Text) } else { Sniffed::NotLogs("binary data") }
}

/// What a file is whose first bytes are no log's.
fn known_binary(head: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 14] = [
        (b"MSCF\0\0\0\0", "a cabinet archive"),
        (b"\x04\x22\x4d\x18", "lz4 data"),
        (b"Rar!\x1a\x07", "a rar archive"),
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xd4\xc3\xb2\xa1", "a packet capture"),
        (b"\xa1\xb2\xc3\xd4", "a packet capture"),
        (b"\x0a\x0d\x0d\x0a", "a packet capture"),
        (b"LPKSHHRH", "a systemd journal"),
        (b"Obj\x01", "Avro data"),
    ];
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// Whether bytes are text, in UTF-8 or in an encoding that has ASCII in it. Texts hold next to no control characters;
/// of other data, every ninth byte or so is one.
fn is_text(head: &[u8], whole: bool) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x7f);
    let controls = head.iter().filter(is_control).count();
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The cut may have gone through a character.
        Err(error) => !whole && error.error_len().is_none(),
    };
    controls * if is_utf8 { 10 } else { 200 } <= head.len()
}

/// Whether one of the first lines of a text has a time, as lines of logs have and hardly any other text, or is an event in CEF or
/// LEEF, which may have none.
pub(crate) fn has_times(head: &[u8], whole: bool) -> bool {
    let complete = if whole { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(head.len()) };
    let lines =
        head.get(..complete).unwrap_or(head).split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.take(64).any(|line| has_priority(line) || has_time(line) || begins_with_event_format(line))
}

/// The first few lines, blank ones and the last if it is not whole aside.
#[derive(Debug, Default)]
struct Lines {
    count: usize,
    /// Those that are one JSON object each.
    objects: usize,
    first_is_object: bool,
    /// Those of the audit daemon.
    audit: usize,
}

impl Lines {
    fn of(head: &[u8], whole: bool) -> Lines {
        let mut lines = Lines::default();
        let complete = if whole { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
        let text = head.get(..complete).unwrap_or(&[]);
        for line in text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(64) {
            lines.count += 1;
            // An empty one may be all that a pretty-printed object has on a line.
            let is_object = line.len() > 2 && line.first() == Some(&b'{') && value_end(line, 0) == Some(line.len());
            lines.first_is_object |= is_object && lines.count == 1;
            lines.objects += usize::from(is_object);
            lines.audit += usize::from(is_audit_line(line));
        }
        lines
    }
}
