use crate::container::tables::Table;
use crate::json::write_string;

/// The tables that Zeek writes: directives that begin with `#`, and rows of values with a separator between, which is a
/// tab. A row becomes the document that Zeek itself writes when it logs as JSON, with the log's name as `_path`.
pub(crate) struct Zeek {
    separator: String,
    set_separator: String,
    empty: String,
    unset: String,
    path: String,
    names: Vec<String>,
    types: Vec<String>,
}

impl Default for Zeek {
    fn default() -> Zeek {
        Zeek {
            separator: "\t".into(),
            set_separator: ",".into(),
            empty: "(empty)".into(),
            unset: "-".into(),
            path: String::new(),
            names: Vec::new(),
            types: Vec::new(),
        }
    }
}

impl Table for Zeek {
    const FIELDS: &'static str = "#fields";

    fn names(&self) -> usize {
        self.names.len()
    }

    fn directive(&mut self, line: &str) {
        if let Some(separator) = line.strip_prefix("#separator ") {
            self.separator = unescaped(separator);
            return;
        }
        let Some((name, value)) = line.split_once(self.separator.as_str()) else { return };
        let list = || value.split(self.separator.as_str()).map(str::to_owned).collect();
        match name {
            "#set_separator" => self.set_separator = unescaped(value),
            "#empty_field" => self.empty = value.to_owned(),
            "#unset_field" => self.unset = value.to_owned(),
            "#path" => self.path = value.to_owned(),
            Self::FIELDS => self.names = list(),
            "#types" => self.types = list(),
            _ => {}
        }
    }

    fn document(&self, row: &str, out: &mut String) -> usize {
        out.push_str("{\"_path\":");
        write_string(out, &self.path);
        let mut count = 0;
        for (index, value) in row.split(self.separator.as_str()).enumerate() {
            count += 1;
            let Some(name) = self.names.get(index).filter(|_| value != self.unset) else { continue };
            out.push(',');
            write_string(out, name);
            out.push(':');
            let kind = self.types.get(index).map_or("string", String::as_str);
            let inner = kind.strip_suffix(']').and_then(|kind| kind.split_once('[')).map(|(_, inner)| inner);
            match inner {
                None => self.scalar(value, kind, out),
                Some(inner) => {
                    out.push('[');
                    let none = value == self.empty || value.is_empty();
                    let elements = value.split(self.set_separator.as_str()).filter(|_| !none);
                    for (index, element) in elements.enumerate() {
                        if index > 0 {
                            out.push(',');
                        }
                        if element == self.unset { out.push_str("null") } else { self.scalar(element, inner, out) }
                    }
                    out.push(']');
                }
            }
        }
        out.push('}');
        count
    }
}

impl Zeek {
    fn scalar(&self, value: &str, kind: &str, out: &mut String) {
        let is_number = |value: &str| serde_json::from_str::<serde_json::Number>(value).is_ok();
        match (kind, value) {
            ("bool", "T") => out.push_str("true"),
            ("bool", "F") => out.push_str("false"),
            ("time" | "interval" | "double" | "count" | "int" | "port", number) if is_number(number) => {
                out.push_str(number);
            }
            _ if value == self.empty => out.push_str("\"\""),
            _ => write_string(out, &unescaped(value)),
        }
    }
}

/// A text whose bytes may be written as `\x09`. What is no UTF-8 then stays as it is written.
fn unescaped(text: &str) -> String {
    if !text.contains("\\x") {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\\x") {
        bytes.extend_from_slice(before.as_bytes());
        match behind.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or("");
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = behind;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
