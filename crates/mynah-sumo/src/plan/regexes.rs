//! Regular expressions as Sumo Logic takes them (RE2's, mostly Java's) to those of the `regex` crate.
use mynah_syntax::{Diagnostic, Span};
use regex::{Regex, RegexBuilder};

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r" \t\n\x0B\f\r";

/// Compiles an expression; one that needs backtracking is refused by name, for it has no linear-time form.
pub(crate) fn compile(pattern: &str, span: Span) -> Result<Regex, Diagnostic> {
    RegexBuilder::new(&translate(pattern)).size_limit(1 << 24).build().map_err(|error| {
        let looks = ["(?=", "(?!", "(?<=", "(?<!", "(?>"].into_iter().find(|look| pattern.contains(look));
        match looks {
            Some(look) => Diagnostic::error(
                "sumo/regex",
                format!("a regular expression with `{look}…)` cannot be run: it needs backtracking"),
                span,
            )
            .with_help("Mynah runs regular expressions in linear time, as RE2 does, which has no look-around either"),
            None => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
                Diagnostic::error("sumo/regex", format!("this is no regular expression: {reason}"), span)
            }
        }
    })
}

/// A regular expression that may have looked ahead at its end.
///
/// `A(?=B)` finds what `(A)B` finds, and the next find begins behind A. So what fields are taken from may end
/// with a look-ahead, as often it does, and still run in linear time.
#[derive(Debug)]
pub(crate) struct Finder {
    regex: Regex,
    /// The group of A.
    end: Option<usize>,
}

/// The group's name, which no query has.
const END: &str = "mynah_end";

impl Finder {
    /// Compiles an expression with named groups.
    pub fn compile(pattern: &str, span: Span) -> Result<Finder, Diagnostic> {
        match ahead(pattern) {
            Some((before, after)) => {
                let regex = compile(&format!("(?P<{END}>{before})(?:{after})"), span)?;
                let end = regex.capture_names().position(|name| name == Some(END));
                Ok(Finder { regex, end })
            }
            None => Ok(Finder { regex: compile(pattern, span)?, end: None }),
        }
    }

    /// The named groups and their numbers.
    pub fn groups(&self) -> Vec<(usize, String)> {
        let names = self.regex.capture_names().enumerate();
        names.filter_map(|(index, name)| Some((index, name.filter(|name| *name != END)?.to_owned()))).collect()
    }

    /// The texts of these groups in each find, or in the first alone.
    pub fn find(&self, text: &str, groups: &[usize], all: bool) -> Vec<Vec<Option<String>>> {
        let mut found = Vec::new();
        let (mut at, mut last) = (0, None);
        while at <= text.len() {
            let Some(captures) = self.regex.captures_at(text, at) else { break };
            let (start, end) = captures.get(self.end.unwrap_or(0)).map_or((at, at), |m| (m.start(), m.end()));
            // An empty find right behind another is none.
            if start != end || last != Some(end) {
                found.push(groups.iter().map(|group| captures.get(*group).map(|m| m.as_str().to_owned())).collect());
                if !all {
                    break;
                }
            }
            last = Some(end);
            let next = text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            at = if start == end { end + next } else { end };
        }
        found
    }
}

/// Splits `A(?=B)` into A and B, closing brackets behind the look-ahead included in A.
fn ahead(pattern: &str) -> Option<(String, String)> {
    let start = pattern.rfind("(?=")?;
    let rest = pattern.get(start + 3..)?;
    let mut open = 1usize;
    let mut in_class = false;
    let mut escaped = false;
    let mut close = None;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => open += 1,
            ')' if !in_class => {
                open -= 1;
                if open == 0 {
                    close = Some(at);
                    break;
                }
            }
            _ => {}
        }
    }
    let close = close?;
    let (inner, behind) = (rest.get(..close)?, rest.get(close + 1..)?);
    // Only brackets may follow, and no alternative may stand beside it.
    if !behind.chars().all(|c| c == ')') || pattern.get(..start)?.contains('|') {
        return None;
    }
    Some((format!("{}{behind}", pattern.get(..start)?), inner.to_owned()))
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
                    other if in_class && matches!(other, '-' | '[' | ']' | '^' | '&' | '~') => {
                        out.extend(['\\', other]);
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
        compile(pattern, Span::at(0)).unwrap().is_match(text)
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
    fn a_look_ahead_at_the_end_is_no_part_of_the_find() {
        let finder = Finder::compile(r"(?<part>\{.*?(?=,\{|\]$))", Span::at(0)).unwrap();
        let groups: Vec<usize> = finder.groups().into_iter().map(|(index, _)| index).collect();
        let found = finder.find(r#"[{"a":1},{"b":2}]"#, &groups, true);
        assert_eq!(found, [[Some(r#"{"a":1}"#.to_owned())], [Some(r#"{"b":2}"#.to_owned())]]);
        let empty = Finder::compile("(?<x>a*)", Span::at(0)).unwrap();
        assert_eq!(empty.find("ba", &[1], true).len(), 2);
    }

    #[test]
    fn look_around_is_refused_by_name() {
        let error = compile(r"a(?=b)", Span::at(0)).unwrap_err();
        assert!(error.message.contains("(?="), "{}", error.message);
    }
}
