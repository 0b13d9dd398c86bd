use crate::json::{skip_space, string_end, value_end};

/// What the beginning of an object says of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    /// Its records are the elements of the array whose bracket is before this index.
    Array(usize),
    /// It is a record itself.
    No,
    /// There is too little of it to tell.
    More,
}

/// How far into an object to look for the array that it wraps.
const HEAD: usize = 16 * 1024;

/// Whether the object at `start` is there only to wrap an array of records: `Records` (AWS), `records`
/// (Azure diagnostic settings) or `value` (Microsoft Graph and other OData), with nothing but scalars before it.
pub(crate) fn wrapper(text: &[u8], start: usize, last: bool) -> Wrapper {
    let window = text.get(..text.len().min(start + HEAD)).unwrap_or(text);
    match look(window, start + 1) {
        Some(found) => found,
        None if last || window.len() < text.len() => Wrapper::No,
        None => Wrapper::More,
    }
}

/// None where the window ends too early.
fn look(text: &[u8], start: usize) -> Option<Wrapper> {
    let mut at = start;
    let mut odata = true;
    loop {
        at = skip_space(text, at);
        match text.get(at)? {
            b'"' => {}
            b',' => {
                at += 1;
                continue;
            }
            _ => return Some(Wrapper::No),
        }
        let key_end = string_end(text, at + 1)?;
        let key = text.get(at + 1..key_end - 1)?;
        let colon = skip_space(text, key_end);
        if *text.get(colon)? != b':' {
            return Some(Wrapper::No);
        }
        let value = skip_space(text, colon + 1);
        match text.get(value)? {
            b'[' if key == b"Records" || key == b"records" || (key == b"value" && odata) => {
                let first = skip_space(text, value + 1);
                let wraps = matches!(text.get(first)?, b'{' | b']');
                return Some(if wraps { Wrapper::Array(value + 1) } else { Wrapper::No });
            }
            b'{' | b'[' => return Some(Wrapper::No),
            _ => at = value_end(text, value).filter(|end| *end < text.len())?,
        }
        odata &= key.starts_with(b"@odata.") || matches!(key, b"count" | b"nextLink");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Wrapper {
        wrapper(text.as_bytes(), 0, true)
    }

    #[test]
    fn wrappers_are_told_from_records() {
        assert_eq!(of(r#"{"Records":[{"a":1}]}"#), Wrapper::Array(12));
        assert_eq!(of("{\n  \"records\" : [ ] }"), Wrapper::Array(17));
        assert_eq!(of(r#"{"@odata.context":"x","value":[{"id":1}]}"#), Wrapper::Array(31));
        assert_eq!(of(r#"{"name":"x","value":[{"id":1}]}"#), Wrapper::No);
        assert_eq!(of(r#"{"records":["text"]}"#), Wrapper::No);
        assert_eq!(of(r#"{"a":{"records":[{}]},"records":[{}]}"#), Wrapper::No);
        assert_eq!(of("{}"), Wrapper::No);
    }

    #[test]
    fn too_little_text_says_so() {
        for cut in 1..11 {
            assert_eq!(wrapper(&br#"{"Records":[{"a":1}]}"#[..cut], 0, false), Wrapper::More, "{cut}");
        }
    }
}
