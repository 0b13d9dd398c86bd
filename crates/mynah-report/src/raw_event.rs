//! An event's own text as HTML, with the values marked that a rule asks about.
use crate::highlight::text;
use mynah_event::{Path, Segment};
use std::collections::BTreeSet;
use std::ops::Range;

/// Of a longer text no more is shown.
const MOST_SHOWN: usize = 6 << 10;
/// In no more of a text values are looked for.
const MOST_READ: usize = 256 << 10;
/// How deep JSON is followed.
const MOST_DEPTH: usize = 64;
/// How many characters of a value are shown apart.
const MOST_OF_VALUE: usize = 400;
/// How many values are shown apart.
const MOST_VALUES: usize = 24;

/// An event as it is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Its text, with marks.
    pub html: String,
    /// How many bytes of its text are left out.
    pub left_out: usize,
    /// The values that the rule asks about: the name of each as the record has it, and its text.
    pub asked: Vec<(String, String)>,
}

/// A value of a record.
struct Value {
    keys: Vec<String>,
    key: Range<usize>,
    value: Range<usize>,
}

/// Shows an event's own text; `paths` are those of the values that the rule asks about, as definitions of log sources name them.
pub(crate) fn shown(raw: &str, paths: &BTreeSet<String>) -> Shown {
    let read = raw.get(..floor(raw, MOST_READ)).unwrap_or_default();
    let is_json = read.trim_start().starts_with(['{', '[']);
    let values = if is_json { json(read) } else { named(read, paths) };
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for path in paths {
        asked.extend(of_path(&values, path));
    }
    let asked: Vec<&Value> = asked.into_iter().filter_map(|index| values.get(index)).collect();
    let end = floor(raw, MOST_SHOWN);
    let mut html = String::with_capacity(end * 2);
    let mut done = 0;
    for value in &asked {
        let (Some(before), Some(key), Some(between), Some(own)) = (
            raw.get(done..value.key.start),
            raw.get(value.key.clone()),
            raw.get(value.key.end..value.value.start),
            raw.get(value.value.clone()),
        ) else {
            continue;
        };
        if value.value.end > end {
            break;
        }
        html.push_str(&text(before));
        if !key.is_empty() {
            html.push_str(&format!("<b>{}</b>", text(key)));
        }
        html.push_str(&format!("{}<mark>{}</mark>", text(between), text(own)));
        done = value.value.end;
    }
    html.push_str(&text(raw.get(done..end).unwrap_or_default()));
    let shown = |value: &&Value| {
        let own = raw.get(value.value.clone()).unwrap_or_default();
        let decoded = serde_json::from_str::<String>(own).unwrap_or_else(|_| own.to_owned());
        (value.keys.join("."), cut(&decoded, MOST_OF_VALUE))
    };
    Shown { html, left_out: raw.len() - end, asked: asked.iter().take(MOST_VALUES).map(shown).collect() }
}

/// A text, of which what is too much is left out.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The last place of a text up to `at` that is between characters.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The values that a path leads to. A container may keep them elsewhere than the definition's own: then the longest end of the
/// path that leads anywhere tells.
fn of_path(values: &[Value], path: &str) -> Vec<usize> {
    let path = Path::parse(path);
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_ref()),
            Segment::Each | Segment::Index(_) => None,
        })
        .collect();
    for start in 0..keys.len() {
        let end = keys.get(start..).unwrap_or_default();
        let fits = |value: &Value| {
            value.keys.len() >= end.len() && value.keys.iter().rev().zip(end.iter().rev()).all(|(a, b)| a == b)
        };
        let found: Vec<usize> =
            values.iter().enumerate().filter(|(_, value)| fits(value)).map(|(index, _)| index).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The values of a JSON text that are no containers, in order. It may break off.
fn json(text: &str) -> Vec<Value> {
    let bytes = text.as_bytes();
    let mut values = Vec::new();
    // The key of each container around, where it has one, and the key that was read last.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut key: Option<(String, Range<usize>)> = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                if open.len() >= MOST_DEPTH {
                    break;
                }
                open.push(key.take().map(|(key, _)| key));
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                key = None;
                at += 1;
            }
            b',' => {
                key = None;
                at += 1;
            }
            b'"' => {
                let end = end_of_string(bytes, at);
                let behind = bytes.get(end..).unwrap_or_default();
                let blank = behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                match behind.get(blank) {
                    Some(b':') if key.is_none() => {
                        let own = text.get(at..end).unwrap_or_default();
                        key = Some((serde_json::from_str(own).unwrap_or_else(|_| own.to_owned()), at..end));
                        at = end + blank + 1;
                    }
                    _ => {
                        values.extend(value(&open, key.as_ref(), at..end));
                        at = end;
                    }
                }
            }
            byte if byte.is_ascii_whitespace() || *byte == b':' => at += 1,
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let end = at + rest.iter().position(is_end).unwrap_or(rest.len()).max(1);
                values.extend(value(&open, key.as_ref(), at..end));
                at = end;
            }
        }
    }
    values
}

/// A value with the keys that lead to it; nothing of an element of an array without a key.
fn value(open: &[Option<String>], key: Option<&(String, Range<usize>)>, own: Range<usize>) -> Option<Value> {
    let around = open.iter().flatten();
    let (keys, at): (Vec<String>, Range<usize>) = match key {
        Some((key, at)) => (around.chain([key]).cloned().collect(), at.clone()),
        None => (around.cloned().collect(), own.start..own.start),
    };
    (!keys.is_empty()).then_some(Value { keys, key: at, value: own })
}

/// The place behind a string's closing quote, or the end of the text.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The values of a text that names them, for the last keys of the paths: `key=value`, `key="value"`, `Name='key'>value<`,
/// `<key>value<`.
fn named(text: &str, paths: &BTreeSet<String>) -> Vec<Value> {
    let mut values = Vec::new();
    let last = |path: &String| match Path::parse(path).0.pop() {
        Some(Segment::Key(key)) if !key.is_empty() => Some(key.to_string()),
        _ => None,
    };
    let names: BTreeSet<String> = paths.iter().filter_map(last).collect();
    for name in names {
        for (start, _) in text.match_indices(&name) {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                continue;
            }
            let end = start + name.len();
            let behind = text.get(end..).unwrap_or_default();
            let Some(value) = value_behind(behind) else { continue };
            let value = end + value.start..end + value.end;
            values.push(Value { keys: vec![name.clone()], key: start..end, value });
        }
    }
    values.sort_by_key(|value| value.key.start);
    values
}

/// Where the value stands in what is behind its name.
fn value_behind(behind: &str) -> Option<Range<usize>> {
    let up_to = |from: usize, stop: &dyn Fn(char) -> bool| {
        let length = behind.get(from..)?.find(stop).unwrap_or(behind.len() - from);
        (length > 0).then_some(from..from + length)
    };
    if let Some(value) = behind.strip_prefix('=') {
        return match value.chars().next()? {
            quote @ ('"' | '\'') => up_to(2, &|c| c == quote),
            _ => up_to(1, &|c| c.is_whitespace() || matches!(c, ',' | ';' | '|')),
        };
    }
    ["'>", "\">", ">"]
        .iter()
        .find(|close| behind.starts_with(**close))
        .and_then(|close| up_to(close.len(), &|c| c == '<'))
}

#[cfg(test)]
mod tests {
    use super::{MOST_SHOWN, shown};
    use std::collections::BTreeSet;

    fn paths(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn values_of_json_are_marked() {
        let raw = r#"{"eventName": "Stop<b>", "user":{"type":"Root","names":["a","b"]},"type":7}"#;
        let event = shown(raw, &paths(&["eventName", "user.type", "user.names[]"]));
        assert_eq!(
            event.html,
            "{<b>&quot;eventName&quot;</b>: <mark>&quot;Stop&lt;b&gt;&quot;</mark>, &quot;user&quot;:{<b>&quot;type&quot;</b>:\
             <mark>&quot;Root&quot;</mark>,&quot;names&quot;:[<mark>&quot;a&quot;</mark>,<mark>&quot;b&quot;</mark>]},\
             &quot;type&quot;:7}"
        );
        let asked: Vec<(&str, &str)> = event.asked.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(asked, [("eventName", "Stop<b>"), ("user.type", "Root"), ("user.names", "a"), ("user.names", "b")]);
    }

    #[test]
    fn a_container_may_keep_values_elsewhere() {
        let event = shown(r#"{"EventID":1,"Event":{"System":{"EventID":2}}}"#, &paths(&["System.EventID"]));
        assert_eq!(event.asked, [("Event.System.EventID".to_owned(), "2".to_owned())]);
        let event = shown(r#"{"EventID":1,"Other":3}"#, &paths(&["System.EventID"]));
        assert_eq!(event.asked, [("EventID".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn values_of_texts_and_xml_are_marked() {
        let event = shown("type=SYSCALL exe=\"/bin/a b\" texe=3", &paths(&["exe"]));
        assert_eq!(event.asked, [("exe".to_owned(), "/bin/a b".to_owned())]);
        let event = shown(
            "<EventID>1</EventID><Data Name='Image'>C:\\x</Data>",
            &paths(&["System.EventID", "EventData.Image"]),
        );
        assert_eq!(
            event.html,
            "&lt;<b>EventID</b>&gt;<mark>1</mark>&lt;/EventID&gt;&lt;Data Name=&apos;<b>Image</b>&apos;&gt;<mark>C:\\x</mark>&lt;/Data&gt;"
        );
    }

    #[test]
    fn texts_that_break_off_or_are_long_do_no_harm() {
        for raw in ["{", "{\"a", "{\"a\":", "{\"a\":\"\\", "[[[", "}{", "{\"a\":1", "=", "a=", "a='"] {
            shown(raw, &paths(&["a", "", "a.b"]));
        }
        let long = format!("{{\"a\":\"{}\",\"b\":1}}", "ä".repeat(MOST_SHOWN));
        let event = shown(&long, &paths(&["b"]));
        assert!(event.left_out > MOST_SHOWN / 2 && event.asked.len() == 1, "{}", event.left_out);
        shown(&"[".repeat(100_000), &paths(&["b"]));
    }
}
