use mynah_syntax::Span;

/// Where in a file the characters of a scalar's value stand.
pub(crate) struct Offsets {
    span: Span,
    /// The place of each of the value's bytes, and of its end; none where escapes are in between.
    bytes: Option<Vec<usize>>,
}

impl Offsets {
    /// Finds a scalar's value in the text that it was read from.
    pub fn new(text: &str, span: Span, value: &str) -> Offsets {
        let bytes = align(span.of(text), value);
        Offsets { span, bytes: bytes.map(|bytes| bytes.iter().map(|at| span.start + at).collect()) }
    }

    /// The place of a part of the value; of the whole scalar where it cannot be told.
    pub fn place(&self, part: Span) -> Span {
        let Some(bytes) = &self.bytes else { return self.span };
        match (bytes.get(part.start), part.end.checked_sub(1).and_then(|last| bytes.get(last))) {
            (Some(start), Some(last)) if part.end > part.start => Span::new(*start, last + 1),
            (Some(start), _) => Span::at(*start),
            _ => self.span,
        }
    }
}

/// The offset in `raw` of each byte of the value.
fn align(raw: &str, value: &str) -> Option<Vec<usize>> {
    let quote = raw.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let mut at = usize::from(quote.is_some());
    let mut offsets = Vec::with_capacity(value.len() + 1);
    for c in value.chars() {
        if !raw.get(at..)?.starts_with(c) {
            // Line breaks are folded, and indentation is left out.
            let rest = raw.get(at..)?;
            at += rest.len() - rest.trim_start().len();
        }
        let found = raw.get(at..)?.starts_with(c);
        if !found && !c.is_whitespace() {
            return None;
        }
        if quote == Some('"') && c == '\\' {
            return None;
        }
        offsets.extend((0..c.len_utf8()).map(|byte| at + byte));
        if found {
            // Two single quotes are one that is part of the text.
            at += if quote == Some('\'') && c == '\'' { 2 } else { c.len_utf8() };
        }
    }
    offsets.push(at);
    // An offset that stands behind the end is not one of this text.
    offsets.iter().all(|at| *at <= raw.len()).then_some(offsets)
}
