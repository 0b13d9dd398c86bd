//! Lines of text, and the documents that are made of them.
//!
//! A line is an envelope and a message. The envelope, `@line`, has what syslog puts before a message (`priority`,
//! `facility`, `severity`, `version`, `time`, `host`, `program`, `pid`, `message_id`, `structured`), the first time of a
//! line that is no syslog, and the `message`. What the message is made of stands beside it:
//!
//! - the members of a JSON object that is the whole message, so that its log source is told as anywhere else;
//! - what the first [`TextFormat`] takes it apart into, whose mark is `@format`;
//! - else `fields`, the pairs `key=value` in it, with `syslog` or `text` for a mark.
//!
//! The mark comes last, so that a rule on what was taken apart is fulfilled before one on the format as a whole.
mod envelope;
mod event_formats;
mod format;
mod key_values;
mod time;

pub(crate) use envelope::has_priority;
pub(crate) use format::TextSpec;
pub(crate) use time::Today;

use crate::json::write_string;
use envelope::{Envelope, elements};
use format::TextFormat;
use serde::de::IgnoredAny;
use std::sync::Arc;

/// The forms of text that the definitions of log sources name. See [`crate::Recogniser::texts`].
#[derive(Debug, Clone, Default)]
pub struct TextFormats(Arc<Vec<TextFormat>>);

impl TextFormats {
    /// Of definitions' `[[text]]`, each with its mark; those that come first are tried first. An error comes with the
    /// number of the one that it is about.
    pub(crate) fn new(specs: Vec<(String, TextSpec)>) -> Result<TextFormats, (usize, String)> {
        let formats = specs
            .into_iter()
            .enumerate()
            .map(|(number, (mark, spec))| TextFormat::new(mark, spec).map_err(|message| (number, message)));
        Ok(TextFormats(Arc::new(formats.collect::<Result<_, _>>()?)))
    }
}

/// Makes documents of lines.
#[derive(Debug, Clone)]
pub(crate) struct LineParser {
    formats: TextFormats,
    today: Today,
}

impl LineParser {
    /// `today` is the day by which years are told that lines leave out.
    pub fn new(formats: TextFormats, today: Today) -> LineParser {
        LineParser { formats, today }
    }

    /// Adds the document of a line.
    pub fn document(&self, line: &str, out: &mut String) {
        let mut envelope = Envelope::of(line, self.today);
        if let Some(inner) = object(envelope.message) {
            out.push_str(inner);
            out.push_str(if inner.trim_ascii_end().ends_with('{') { "\"@line\":" } else { ",\"@line\":" });
            write_envelope(&envelope, false, out);
            out.push('}');
            return;
        }
        out.push('{');
        let mut mark = if envelope.is_syslog { "syslog" } else { "text" };
        let taken = self.formats.0.iter().find_map(|format| Some((format, format.take(&envelope, out)?)));
        match taken {
            None => write_fields(envelope.message, out),
            Some((format, time)) => {
                mark = &format.mark;
                let found = time.and_then(|time| Some(time::at_start(&time, 0, self.today)?.text));
                envelope.time = found.or(envelope.time.take());
            }
        }
        out.push_str("\"@line\":");
        write_envelope(&envelope, true, out);
        out.push_str(",\"@format\":");
        write_string(out, mark);
        out.push('}');
    }

    /// Whether a line begins with a time, as those do that a log's other lines may belong to.
    pub fn has_time(&self, line: &str) -> bool {
        time::find(beginning(line), self.today).is_some()
    }

    /// Whether a line is syslog's.
    pub fn is_syslog(&self, line: &str) -> bool {
        Envelope::of(line, self.today).is_syslog
    }
}

/// A day by which to tell whether there is a time, whichever it is.
const ANY_DAY: Today = Today { year: 2000, month: 12, day: 31 };

/// Whether there is a time near the beginning of a line.
pub(crate) fn has_time(line: &[u8]) -> bool {
    let begin = line.get(..line.len().min(256)).unwrap_or(line);
    time::find(&String::from_utf8_lossy(begin), ANY_DAY).is_some()
}

/// Whether a text begins with a time, brackets and blanks aside.
pub(crate) fn begins_with_time(text: &[u8]) -> bool {
    let begin = String::from_utf8_lossy(text.get(..text.len().min(96)).unwrap_or(text)).into_owned();
    let begin = begin.trim_start_matches(|c: char| c.is_whitespace() || "[(\"".contains(c));
    time::find(begin, ANY_DAY).is_some_and(|found| found.range.start <= 4)
}

/// Whether the first line of a text is an event in CEF or LEEF.
pub(crate) fn begins_with_event_format(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    let line = String::from_utf8_lossy(line);
    let mut document = String::new();
    event_formats::cef(&line, &mut document).or_else(|| event_formats::leef(&line, &mut document)).is_some()
}

/// As much of a line as a time may begin in for the line to be the first of an event.
fn beginning(line: &str) -> &str {
    let mut end = line.len().min(64);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or(line)
}

/// A JSON object that is all of the text, without its closing brace.
fn object(text: &str) -> Option<&str> {
    let text = text.trim_ascii();
    let inner = text.strip_prefix('{').and_then(|_| text.strip_suffix('}'))?;
    serde_json::from_str::<IgnoredAny>(text).ok().map(|_| inner)
}

fn write_fields(message: &str, out: &mut String) {
    let pairs = key_values::pairs(message);
    if pairs.is_empty() {
        return;
    }
    out.push_str("\"fields\":{");
    for (index, (key, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write_string(out, value);
    }
    out.push_str("},");
}

fn write_envelope(envelope: &Envelope<'_>, with_message: bool, out: &mut String) {
    out.push('{');
    let start = out.len();
    let member = |key: &str, value: &str, out: &mut String| {
        if out.len() > start {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write_string(out, value);
    };
    if let Some(priority) = envelope.priority {
        member("priority", &priority.to_string(), out);
        member("facility", &(priority / 8).to_string(), out);
        member("severity", &(priority % 8).to_string(), out);
    }
    for (key, value) in [
        ("version", envelope.version),
        ("time", envelope.time.as_deref()),
        ("host", envelope.host),
        ("program", envelope.program),
        ("pid", envelope.pid),
        ("message_id", envelope.message_id),
        ("message", Some(envelope.message).filter(|_| with_message)),
    ] {
        if let Some(value) = value {
            member(key, value, out);
        }
    }
    if !envelope.structured.is_empty() {
        out.push_str(if out.len() > start { ",\"structured\":{" } else { "\"structured\":{" });
        for (index, (name, parameters)) in elements(envelope.structured).into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write_string(out, name);
            out.push_str(":{");
            for (index, (key, value)) in parameters.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write_string(out, &value);
            }
            out.push('}');
        }
        out.push('}');
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn document(line: &str) -> Value {
        let parser = LineParser::new(TextFormats::default(), Today { year: 2026, month: 3, day: 15 });
        let mut out = String::new();
        parser.document(line, &mut out);
        serde_json::from_str(&out).expect(&out)
    }

    #[test]
    fn text_and_syslog() {
        assert_eq!(document("hello"), json!({"@line": {"message": "hello"}, "@format": "text"}));
        assert_eq!(
            document("<13>Mar 14 12:00:00 gate su: a=1"),
            json!({
                "fields": {"a": "1"},
                "@line": {
                    "priority": "13", "facility": "1", "severity": "5", "time": "2026-03-14T12:00:00", "host": "gate",
                    "program": "su", "message": "a=1",
                },
                "@format": "syslog",
            })
        );
        assert_eq!(
            document("<13>1 - - - - - [a b=\"c\"] x")["@line"],
            json!({
                "priority": "13", "facility": "1", "severity": "5", "version": "1", "message": "x",
                "structured": {"a": {"b": "c"}},
            })
        );
    }

    #[test]
    fn json_behind_an_envelope_keeps_its_members() {
        let found = document(r#"<13>Mar 14 12:00:00 gate app: { "eventName" : "x" } "#);
        assert_eq!((&found["eventName"], &found["@line"]["host"]), (&json!("x"), &json!("gate")));
        assert_eq!(document("<13>Mar 14 12:00:00 gate app: {}")["@line"]["program"], json!("app"));
        // Braces alone are no JSON.
        assert_eq!(document("<13>Mar 14 12:00:00 gate app: {x}")["@format"], json!("syslog"));
    }
}
