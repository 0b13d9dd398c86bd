use mynah_syntax::Span;

/// The documents of a YAML stream, without those that hold nothing.
pub(super) fn split(text: &str) -> Vec<Span> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let mark = line.trim_end();
        if mark == "---" || line.starts_with("--- ") || mark == "..." {
            parts.push(Span::new(start, at));
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push(Span::new(start, text.len()));
    let says = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && !line.starts_with('%')
    };
    parts.retain(|part| part.of(text).lines().any(says));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_stand_between_dashes() {
        let text = "# first\n---\na: 1\n---\n\n---\nb: 2\n";
        let parts: Vec<&str> = split(text).into_iter().map(|part| part.of(text)).collect();
        assert_eq!(parts, ["a: 1\n", "b: 2\n"]);
    }
}
