use super::quotes::end_of_quoted;
use mynah_syntax::{Diagnostic, Span};

/// Where one command of a pipeline stands in the (expanded) text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// The command's text, its name included; white space around it not.
    pub span: Span,
    /// Whether a pipe stands before it.
    pub piped: bool,
}

/// Cuts a pipeline at its pipes: those in quotes, brackets and the first command's parentheses do not count.
///
/// # Errors
/// Where a bracket or a quote has no counterpart.
pub(crate) fn split(text: &str, range: Span) -> Result<Vec<Stage>, Diagnostic> {
    let bytes = text.as_bytes();
    let mut stages = Vec::new();
    let (mut from, mut at, mut piped) = (range.start, range.start, false);
    let (mut brackets, mut parens) = (Vec::new(), 0usize);
    let mut searching = is_search(text, range, false);
    while at < range.end {
        match bytes.get(at) {
            Some(b'\\') => at += 1,
            Some(b'"') => match end_of_quoted(text, at) {
                Some(end) if end <= range.end => {
                    at = end;
                    continue;
                }
                _ => return Err(Diagnostic::error("spl/syntax", "this quote is not closed", Span::new(at, at + 1))),
            },
            Some(b'[') => brackets.push(at),
            Some(b']') if brackets.pop().is_none() => {
                return Err(Diagnostic::error("spl/syntax", "this bracket closes nothing", Span::new(at, at + 1)));
            }
            Some(b'(') if searching => parens += 1,
            Some(b')') if searching => parens = parens.saturating_sub(1),
            Some(b'|') if brackets.is_empty() && parens == 0 => {
                stages.push(Stage { span: trim(text, Span::new(from, at)), piped });
                from = at + 1;
                piped = true;
                searching = is_search(text, Span::new(from, range.end), true);
            }
            _ => {}
        }
        at += 1;
    }
    if let Some(open) = brackets.pop() {
        return Err(Diagnostic::error("spl/syntax", "this bracket is not closed", Span::new(open, open + 1)));
    }
    stages.push(Stage { span: trim(text, Span::new(from, range.end)), piped });
    // A pipe at the very beginning has nothing before it.
    if stages.len() > 1 && stages.first().is_some_and(|stage| stage.span.start >= stage.span.end) {
        stages.remove(0);
    }
    Ok(stages)
}

/// Whether the command that begins here is a search, in which a pipe may stand in parentheses.
fn is_search(text: &str, range: Span, piped: bool) -> bool {
    if !piped {
        return true;
    }
    let rest = range.of(text).trim_start();
    rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("search"))
}

/// The span without the white space at its ends.
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    if inside.trim().is_empty() {
        return Span::at(span.start);
    }
    let start = span.start + (inside.len() - inside.trim_start().len());
    Span::new(start, span.start + inside.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        split(text, Span::new(0, text.len())).unwrap().into_iter().map(|stage| stage.span.of(text)).collect()
    }

    #[test]
    fn pipes_in_quotes_brackets_and_search_parentheses_do_not_cut() {
        assert_eq!(parts("a | b \"x|y\" | join z [search c | d]"), ["a", "b \"x|y\"", "join z [search c | d]"]);
        assert_eq!(parts("(a | b) OR (c) | d"), ["(a | b) OR (c)", "d"]);
        assert_eq!(parts("| tstats count"), ["tstats count"]);
        assert_eq!(parts(" | tstats count"), ["tstats count"]);
        assert_eq!(parts("a | eval (x | b"), ["a", "eval (x", "b"]);
    }

    #[test]
    fn open_ends_are_refused() {
        for text in ["a \"b", "a [b", "a ] b"] {
            assert!(split(text, Span::new(0, text.len())).is_err());
        }
    }
}
