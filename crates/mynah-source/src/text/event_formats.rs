//! CEF and LEEF: a header between bars, and named values.
use crate::json::write_string;
use std::borrow::Cow;

/// A message in ArcSight's Common Event Format, as a document: `cef` with the members that Beats' `decode_cef` gives.
pub(super) fn cef(message: &str, out: &mut String) -> Option<Option<String>> {
    let start = message.find("CEF:")?;
    let (header, extension) = header(message.get(start + 4..).unwrap_or(""), 7)?;
    let [version, vendor, product, device_version, class, name, severity] = header.as_slice() else { return None };
    if version.trim().is_empty() || !version.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    out.push_str("\"cef\":{\"version\":");
    write_string(out, version.trim());
    out.push_str(",\"device\":{");
    let device = [("vendor", vendor), ("product", product), ("version", device_version), ("event_class_id", class)];
    members(out, device.iter().map(|(key, value)| (*key, Cow::Borrowed(&***value))));
    out.push_str("},\"name\":");
    write_string(out, name);
    out.push_str(",\"severity\":");
    write_string(out, severity.trim());
    out.push_str(",\"extensions\":{");
    let pairs = extensions(extension);
    let time_of = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone().into_owned());
    let time = ["rt", "end", "start"].into_iter().find_map(time_of);
    members(out, pairs.into_iter());
    out.push_str("}},");
    Some(time)
}

/// A message in QRadar's Log Event Extended Format, as a document: `leef` with its header and `attributes`.
pub(super) fn leef(message: &str, out: &mut String) -> Option<Option<String>> {
    let start = message.find("LEEF:")?;
    let rest = message.get(start + 5..).unwrap_or("");
    let is_second = rest.starts_with('2');
    let (header, mut attributes) = header(rest, 5)?;
    let [version, vendor, product, product_version, event] = header.as_slice() else { return None };
    if !matches!(version.trim(), "1.0" | "2.0" | "1" | "2") {
        return None;
    }
    let mut delimiter = '\t';
    // The second version names its delimiter: a character, or its code in hexadecimal; none is a tab.
    if is_second && let Some((written, behind)) = attributes.split_once('|').filter(|(written, _)| written.len() <= 6) {
        delimiter = self::delimiter(written).unwrap_or('\t');
        attributes = behind;
    }
    out.push_str("\"leef\":{\"version\":");
    write_string(out, version.trim());
    let names = [("vendor", vendor), ("product", product), ("product_version", product_version), ("event_id", event)];
    out.push(',');
    members(out, names.iter().map(|(key, value)| (*key, Cow::Borrowed(&***value))));
    out.push_str(",\"attributes\":{");
    let pairs = attributes.split(delimiter).filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(key, value)| (key.trim(), value.trim_end()));
    let time = pairs.clone().find(|(key, _)| *key == "devTime").map(|(_, value)| value.to_owned());
    members(out, pairs.map(|(key, value)| (key, Cow::Borrowed(value))));
    out.push_str("}},");
    Some(time)
}

fn delimiter(written: &str) -> Option<char> {
    let hexadecimal = written.strip_prefix("0x").or_else(|| written.strip_prefix('x')).filter(|code| !code.is_empty());
    match hexadecimal {
        Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32),
        None => written.chars().next(),
    }
}

/// The first `count` fields between bars, their escapes resolved, and what follows.
fn header(text: &str, count: usize) -> Option<(Vec<String>, &str)> {
    let mut fields = Vec::with_capacity(count);
    let mut field = String::new();
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            '|' | '\\' if escaped => field.push(c),
            _ if escaped => field.extend(['\\', c]),
            '\\' => {
                escaped = true;
                continue;
            }
            '|' => {
                fields.push(std::mem::take(&mut field));
                if fields.len() == count {
                    return Some((fields, text.get(index + 1..)?));
                }
            }
            _ => field.push(c),
        }
        escaped = false;
    }
    // The last field of a header without anything behind it.
    fields.push(field);
    (fields.len() == count).then_some((fields, ""))
}

/// The pairs of a CEF extension. A value goes on to the blank before the next key.
fn extensions(text: &str) -> Vec<(&str, Cow<'_, str>)> {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-[]".contains(&byte);
    let mut keys: Vec<(usize, usize)> = Vec::new();
    let bytes = text.as_bytes();
    for equals in memchr::memchr_iter(b'=', bytes) {
        let from = keys.last().map_or(0, |(_, equals)| equals + 1);
        let before = bytes.get(from..equals).unwrap_or(&[]);
        let length = before.iter().rev().take_while(|byte| is_key(**byte)).count();
        let start = equals - length;
        let begins = start == 0 || (start > from && bytes.get(start - 1).is_some_and(u8::is_ascii_whitespace));
        if length > 0 && begins {
            keys.push((start, equals));
        }
    }
    let mut pairs = Vec::with_capacity(keys.len());
    for (index, (start, equals)) in keys.iter().enumerate() {
        let end = keys.get(index + 1).map_or(text.len(), |(next, _)| *next);
        let (Some(key), Some(value)) = (text.get(*start..*equals), text.get(equals + 1..end)) else { continue };
        pairs.push((key, unescaped(value.trim_end())));
    }
    pairs
}

fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(c @ ('=' | '\\' | '|')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    Cow::Owned(out)
}

/// Members with a comma between; of two with one name the first counts.
fn members<'a>(out: &mut String, pairs: impl Iterator<Item = (&'a str, Cow<'a, str>)>) {
    let mut known: Vec<&str> = Vec::new();
    for (key, value) in pairs {
        if key.is_empty() || known.contains(&key) {
            continue;
        }
        if !known.is_empty() {
            out.push(',');
        }
        known.push(key);
        write_string(out, key);
        out.push(':');
        write_string(out, &value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(take: fn(&str, &mut String) -> Option<Option<String>>, message: &str) -> Option<serde_json::Value> {
        let mut out = "{".to_owned();
        take(message, &mut out).map(|_| serde_json::from_str(&(out.trim_end_matches(',').to_owned() + "}")).unwrap())
    }

    #[test]
    fn cef_headers_and_extensions() {
        let found = document(
            cef,
            r"CEF:0|Acme|Wall\|1|1.0|100|worm \\ stopped|10|src=10.0.0.1 msg=a b\=c\nd request=http://x/?q=1 cs1=v cs1Label=n  dst=",
        );
        let wanted = serde_json::json!({"cef": {
            "version": "0",
            "device": {"vendor": "Acme", "product": "Wall|1", "version": "1.0", "event_class_id": "100"},
            "name": r"worm \ stopped", "severity": "10",
            "extensions": {
                "src": "10.0.0.1", "msg": "a b=c\nd", "request": "http://x/?q=1", "cs1": "v", "cs1Label": "n", "dst": "",
            },
        }});
        assert_eq!(found, Some(wanted));
        for other in ["CEF:0|a|b", "CEF:x|1|2|3|4|5|6|", "no"] {
            assert_eq!(document(cef, other), None, "{other}");
        }
    }

    #[test]
    fn leef_of_both_versions() {
        let wanted = serde_json::json!({"leef": {
            "version": "1.0", "vendor": "Acme", "product": "Wall", "product_version": "3", "event_id": "e1",
            "attributes": {"src": "10.0.0.1", "usrName": "a b"},
        }});
        assert_eq!(document(leef, "LEEF:1.0|Acme|Wall|3|e1|src=10.0.0.1\tusrName=a b"), Some(wanted));
        for (written, delimiter) in [("^", "^"), ("x5e", "^"), ("0x09", "\t"), ("", "\t")] {
            let line = format!("LEEF:2.0|Acme|Wall|3|e1|{written}|src=10.0.0.1{delimiter}usrName=a b");
            let found = document(leef, &line).unwrap();
            assert_eq!(found["leef"]["attributes"], serde_json::json!({"src": "10.0.0.1", "usrName": "a b"}), "{line}");
        }
        assert_eq!(document(leef, "LEEF:9|a|b|c|d|"), None);
    }
}
