/// Adds `text` as a JSON string, quotes and all.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    for (i, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        // Only ASCII is escaped, so every cut falls between characters.
        out.push_str(text.get(done..i).unwrap_or(""));
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        done = i + 1;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn agrees_with_serde_json() {
        for text in ["", "plain", "a\"b\\c", "tab\tnew\nline\r", "\u{1}\u{1f} é 日本 \u{7f}"] {
            let mut out = String::new();
            write_string(&mut out, text);
            assert_eq!(out, serde_json::to_string(text).unwrap());
        }
    }
}
