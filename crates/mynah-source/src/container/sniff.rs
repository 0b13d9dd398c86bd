use crate::Format;
use crate::archive::Archive;
use crate::container::auditd::is_audit_line;
use crate::container::csv::delimiter;
use crate::container::json_stream::{Wrapper, wrapper};
use crate::json::{skip_space, value_end};

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
    if head.contains(&0) && !matches!(first, b'{' | b'[') {
        return Sniffed::NotLogs("binary data");
    }
    if *first == b'<' {
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
    if delimiter(head, whole).is_some() {
        return Sniffed::Is(Format::Csv);
    }
    if lines.objects > 0 || lines.audit > 0 {
        // A log whose beginning is damaged.
        return Sniffed::Is(if lines.objects > lines.audit { Format::JsonLines } else { Format::Auditd });
    }
    Sniffed::NotLogs("other text")
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
