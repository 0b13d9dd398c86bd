//! The beginning of a text of JSON or XML, which is all that Splunk takes every field from.

/// What stands open at a place of a JSON text.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Array,
    /// An object, and whether a value follows.
    Object(bool),
}

/// The first bytes of a text; of JSON as far as its values are whole, closed again so that it stays JSON.
pub(crate) fn head(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let cut = text.get(..text.floor_char_boundary(most)).unwrap_or("");
    match text.trim_start().starts_with(['{', '[']) {
        true => closed(cut).into(),
        false => cut.into(),
    }
}

/// The text up to its last whole value, with what is open there closed.
fn closed(cut: &str) -> String {
    let mut open: Vec<Open> = Vec::new();
    let mut whole: (usize, Vec<Open>) = (0, Vec::new());
    let bytes = cut.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' => open.push(Open::Object(false)),
            b'[' => open.push(Open::Array),
            b':' => open.iter_mut().last().into_iter().for_each(|last| *last = Open::Object(true)),
            b',' => {
                if let Some(last @ Open::Object(_)) = open.last_mut() {
                    *last = Open::Object(false);
                }
            }
            b'}' | b']' => {
                open.pop();
                whole = (at, open.clone());
            }
            b'"' => {
                let Some(end) = end_of_string(bytes, at) else { break };
                at = end;
                if open.last() != Some(&Open::Object(false)) {
                    whole = (at, open.clone());
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                // A number or a word is whole where something else follows.
                let rest = bytes.get(start..).unwrap_or_default();
                let Some(length) = rest.iter().position(|byte| b",]} \t\r\n".contains(byte)) else { break };
                at = start + length;
                whole = (at, open.clone());
            }
        }
        // An empty object or array is whole, too.
        if matches!(byte, b'{' | b'[') {
            whole = (at, open.clone());
        }
    }
    let (end, open) = whole;
    let mut text = cut.get(..end).unwrap_or("").to_owned();
    text.extend(open.iter().rev().map(|open| if *open == Open::Array { ']' } else { '}' }));
    text
}

/// Where a string ends whose content begins here.
fn end_of_string(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_cut_are_none() {
        let text = r#"{"a":"x,\"}","b":[1,{"c":null},23],"d":{"e":"long"},"f":4}"#;
        for (most, left) in [
            (58, text),
            (57, r#"{"a":"x,\"}","b":[1,{"c":null},23],"d":{"e":"long"}}"#),
            (45, r#"{"a":"x,\"}","b":[1,{"c":null},23],"d":{}}"#),
            (33, r#"{"a":"x,\"}","b":[1,{"c":null}]}"#),
            (31, r#"{"a":"x,\"}","b":[1,{"c":null}]}"#),
            (29, r#"{"a":"x,\"}","b":[1,{}]}"#),
            (20, r#"{"a":"x,\"}","b":[1]}"#),
            (9, "{}"),
            (0, ""),
        ] {
            assert_eq!(head(text, most), left, "{most}");
            assert!(left.is_empty() || serde_json::from_str::<serde_json::Value>(&head(text, most)).is_ok(), "{most}");
        }
        assert_eq!(head("<a>é</a>", 4), "<a>");
    }
}
