//! Regular expressions as Sumo Logic takes them (Java's or RE2's) to those of [`mynah_kernels::Regex`].
use mynah_kernels::Regex;
use mynah_syntax::{Diagnostic, Span};

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r" \t\n\x0B\f\r";

/// Compiles an expression. Sumo Logic takes what Java or RE2 takes, look-around and back-references included.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-variable-patterns-using-regex/>
pub(crate) fn compile(pattern: &str, span: Span) -> Result<Regex, Diagnostic> {
    Regex::new(&translate(pattern)).map_err(|error| {
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
        Diagnostic::error("sumo/regex", format!("this is no regular expression: {reason}"), span)
    })
}

/// Rewrites what is written otherwise: the shorthand classes are ASCII, a `[` within a class is itself, so is
/// a `{` that counts nothing.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars().peekable();
    let mut in_class = false;
    // A shorthand class cannot begin a range.
    let mut after_shorthand = false;
    while let Some(c) = rest.next() {
        let was_shorthand = std::mem::take(&mut after_shorthand);
        match c {
            '\\' => {
                let Some(next) = rest.next() else {
                    out.push_str("\\\\");
                    break;
                };
                let (class, negated) = match next {
                    'd' => (DIGIT, false),
                    'D' => (DIGIT, true),
                    'w' => (WORD, false),
                    'W' => (WORD, true),
                    's' => (SPACE, false),
                    'S' => (SPACE, true),
                    'h' => (r" \t", false),
                    'Z' => {
                        out.push_str("\\z");
                        continue;
                    }
                    'e' => {
                        out.push_str("\\x1B");
                        continue;
                    }
                    'Q' => {
                        // Literal up to `\E`.
                        let mut literal = String::new();
                        while let Some(c) = rest.next() {
                            if c == '\\' && rest.next_if_eq(&'E').is_some() {
                                break;
                            }
                            literal.push(c);
                        }
                        out.push_str(&regex::escape(&literal));
                        continue;
                    }
                    // Escapes that mean themselves.
                    '<' | '>' | '/' | '"' | '\'' | ' ' | '%' | '@' | ',' | ';' | ':' | '=' | '_' | '!' | '`' => {
                        out.push(next);
                        continue;
                    }
                    other => {
                        out.extend(['\\', other]);
                        continue;
                    }
                };
                match (in_class, negated) {
                    (true, false) => out.push_str(class),
                    (_, true) => out.extend(["[^", class, "]"]),
                    (false, false) => out.extend(["[", class, "]"]),
                }
                after_shorthand = in_class;
            }
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if rest.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                if rest.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            '[' => {
                if rest.peek() == Some(&':') {
                    out.push('[')
                } else {
                    out.push_str("\\[")
                }
            }
            ']' if in_class => {
                // The end of `[:alpha:]` is not that of the class.
                out.push(']');
                in_class = out.ends_with(":]");
            }
            '-' if in_class && (was_shorthand || out.ends_with('-')) => out.push_str("\\-"),
            '-' if in_class && class_follows(&rest) => out.push_str("\\-"),
            '&' | '~' if in_class => out.extend(['\\', c]),
            '{' if !in_class && !counts(&rest) => out.push_str("\\{"),
            _ => out.push(c),
        }
    }
    out
}

fn class_follows(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    rest.next() == Some('\\') && rest.next().is_some_and(|c| "dDwWsSh".contains(c))
}

/// Whether a `{` begins `{2}`, `{2,}` or `{2,3}`.
fn counts(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let inner: String = rest.clone().take_while(|c| *c != '}').take(12).collect();
    let closed = rest.clone().nth(inner.chars().count()) == Some('}');
    let mut parts = inner.split(',');
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let least = parts.next().unwrap_or("");
    closed && !least.is_empty() && digits(least) && parts.next().is_none_or(digits) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        compile(pattern, Span::at(0)).unwrap().is_match(text).unwrap()
    }

    #[test]
    fn dialects_of_regular_expressions() {
        assert!(found(r"^\d{2}$", "12"));
        assert!(!found(r"^\d$", "٣"));
        assert!(found(r"^[\w-_ :.]+$", "a-b c:d"));
        assert!(found(r"^[^[]+\[x$", "ab[x"));
        assert!(found(r"\{[^\}]+\}", "{a}"));
        assert!(found(r"^{a}$", "{a}"));
        assert!(found(r"^\<b\>$", "<b>"));
        assert!(found(r"^[[:alpha:]]+$", "ab"));
        assert!(found(r"^[\s\S]+$", "a\nb"));
        assert!(found(r#"^"?a\"$"#, "\"a\""));
        assert!(found(r"(?i)ERR", "err"));
    }

    #[test]
    fn look_around_and_back_references_run() {
        let parts = compile(r"(?<part>\{.*?(?=,\{|\]$))", Span::at(0)).unwrap();
        let all = parts.all_captures(r#"[{"a":1},{"b":2}]"#, usize::MAX).unwrap();
        let texts: Vec<_> = all.iter().map(|groups| groups.get(1).unwrap()).collect();
        assert_eq!(texts, [r#"{"a":1}"#, r#"{"b":2}"#]);
        assert!(found(r"(?<!user=)bob", "name=bob") && !found(r"(?<!user=)bob", "user=bob"));
        assert!(found(r"^(\w)\1$", "oo") && !found(r"^(\w)\1$", "ok"));
    }
}
