use crate::container::auditd::execve::Execve;
use crate::container::auditd::line::{Line, Stamp};
use crate::container::auditd::sockaddr;
use crate::container::auditd::value::{Field, fields, hex, text};
use crate::json::write_string;

/// One audit event: the lines that share a stamp.
#[derive(Debug)]
pub(super) struct Event {
    pub stamp: Stamp,
    /// The number of its first line in the file.
    pub line: u64,
    /// How many lines had been read when its last came.
    pub last_read: u64,
    /// Whether the line that closes an event came.
    pub ended: bool,
    /// Its lines.
    pub raw: String,
    types: Vec<String>,
    records: Vec<AuditRecord>,
    execve: Option<Execve>,
    keys: Vec<String>,
}

/// What one line says, or several lines of a type that comes once.
#[derive(Debug)]
struct AuditRecord {
    name: String,
    members: Vec<(String, String)>,
}

/// Types of which an event has one record for each thing it touches.
const REPEATED: [&str; 2] = ["path", "obj_pid"];

/// How long an event may get before it is closed all the same.
const MAX_LINES: usize = 4096;

impl Event {
    pub fn new(stamp: Stamp, text: &str, line: &Line<'_>, number: u64, read: u64) -> Event {
        let mut event = Event {
            stamp,
            line: number,
            last_read: read,
            ended: false,
            raw: String::new(),
            types: Vec::new(),
            records: Vec::new(),
            execve: None,
            keys: Vec::new(),
        };
        event.add(text, line, read);
        event
    }

    pub fn add(&mut self, text: &str, line: &Line<'_>, read: u64) {
        if !self.raw.is_empty() {
            self.raw.push('\n');
        }
        self.raw.push_str(text);
        self.last_read = read;
        if !self.types.iter().any(|known| known == line.kind) {
            self.types.push(line.kind.to_owned());
        }
        self.ended = line.kind == "EOE" || self.records.len() >= MAX_LINES;
        let name = line.kind.to_ascii_lowercase();
        let place = self.records.iter().position(|record| record.name == name && !REPEATED.contains(&name.as_str()));
        let mut members = Vec::new();
        self.special(line, &mut members);
        // Before Linux 3.14 a LOGIN record told its ids apart by a word of their own.
        let own = if line.kind == "LOGIN" {
            line.fields.replace("old ", "old_").replace("new ", "new_")
        } else {
            String::new()
        };
        let own = if own.is_empty() { line.fields } else { own.as_str() };
        for field in fields(own).iter().chain(&fields(line.enrichment)) {
            self.member(line.kind, field, &mut members);
        }
        if members.is_empty() {
            return;
        }
        match place.and_then(|place| self.records.get_mut(place)) {
            Some(record) => {
                members.retain(|(key, _)| !record.members.iter().any(|(known, _)| known == key));
                record.members.extend(members);
            }
            None => self.records.push(AuditRecord { name, members }),
        }
    }

    /// What is said in other ways than `key=value`.
    fn special(&self, line: &Line<'_>, members: &mut Vec<(String, String)>) {
        if line.kind == "AVC"
            && let Some(rest) = line.fields.strip_prefix("avc:")
            && let Some((result, rest)) = rest.split_once('{')
            && let Some((permissions, _)) = rest.split_once('}')
        {
            let permissions: Vec<&str> = permissions.split_whitespace().collect();
            members.push(("seresult".into(), result.trim().into()));
            members.push(("seperms".into(), permissions.join(",")));
        }
    }

    fn member(&mut self, kind: &str, field: &Field<'_>, members: &mut Vec<(String, String)>) {
        let mut push = |key: &str, value: String| {
            if !members.iter().any(|(known, _)| known == key) {
                members.push((key.to_owned(), value));
            }
        };
        match (kind, field.key) {
            ("EXECVE", _) if self.execve.get_or_insert_default().take(field) => {}
            ("SOCKADDR", "saddr") => {
                push("saddr", field.value.to_owned());
                for (key, value) in sockaddr::decode(field.value) {
                    push(key, value);
                }
            }
            (_, "key") => {
                let keys = match hex(field.value) {
                    Some(bytes) if !field.quoted => text(&bytes),
                    _ => field.value.to_owned(),
                };
                // Several keys are one value with 0x01 between them.
                let keys: Vec<&str> = keys.split('\u{1}').collect();
                for key in keys.iter().filter(|key| !key.is_empty() && **key != "(null)") {
                    if !self.keys.iter().any(|known| known == key) {
                        self.keys.push((*key).to_owned());
                    }
                }
                push("key", keys.join(" "));
            }
            _ => push(field.key, field.decoded().into_owned()),
        }
    }

    /// The event as JSON.
    pub fn document(&self) -> String {
        let mut out = String::with_capacity(self.raw.len() * 2);
        out.push_str("{\"audit\":{\"time\":");
        write_string(&mut out, &self.stamp.time);
        out.push_str(",\"serial\":");
        write_string(&mut out, &self.stamp.serial);
        if let Some(node) = &self.stamp.node {
            out.push_str(",\"node\":");
            write_string(&mut out, node);
        }
        out.push_str(",\"types\":");
        write_list(&mut out, &self.types);
        if !self.keys.is_empty() {
            out.push_str(",\"keys\":");
            write_list(&mut out, &self.keys);
        }
        let mut written: Vec<&str> = Vec::new();
        for record in &self.records {
            let name = record.name.as_str();
            if written.contains(&name) || name == "execve" {
                continue;
            }
            written.push(name);
            out.push(',');
            write_string(&mut out, name);
            out.push(':');
            if REPEATED.contains(&name) {
                out.push('[');
                for (i, record) in self.records.iter().filter(|record| record.name == name).enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_object(&mut out, &record.members);
                }
                out.push(']');
            } else if let ("cwd" | "proctitle", Some((_, value))) =
                (name, record.members.iter().find(|(key, _)| key == name))
            {
                // These records are there for one member alone, which bears their name.
                write_string(&mut out, value);
            } else {
                write_object(&mut out, &record.members);
            }
        }
        if let Some(execve) = &self.execve {
            let arguments = execve.arguments();
            out.push_str(",\"execve\":{");
            let others =
                self.records.iter().filter(|record| record.name == "execve").flat_map(|record| &record.members);
            let argc = execve.argc.as_ref().map(|argc| ("argc", argc));
            for (key, value) in argc.into_iter().chain(others.map(|(key, value)| (key.as_str(), value))) {
                write_string(&mut out, key);
                out.push(':');
                write_string(&mut out, value);
                out.push(',');
            }
            out.push_str("\"args\":");
            write_list(&mut out, &arguments);
            out.push_str(",\"command_line\":");
            write_string(&mut out, &arguments.join(" "));
            out.push('}');
        }
        out.push_str("}}");
        out
    }
}

fn write_list(out: &mut String, texts: &[String]) {
    out.push('[');
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, text);
    }
    out.push(']');
}

fn write_object(out: &mut String, members: &[(String, String)]) {
    out.push('{');
    for (i, (key, value)) in members.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write_string(out, value);
    }
    out.push('}');
}
