use super::ast::Value;
use crate::expression::BinaryOperator;
use crate::pipeline::quotes::{end_of_brackets, end_of_quoted};
use mynah_syntax::{Diagnostic, Span};

/// A token of a search expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Open,
    Close,
    Comma,
    Operator(BinaryOperator),
    /// A bare word, escapes resolved; or one with quoted stretches in it.
    Word(String),
    /// A text in double quotes, escapes resolved.
    Quoted(String),
    /// `[...]`: what is inside the brackets.
    Subsearch(Span),
    /// `(...)` with a pipe directly in it: what is inside the parentheses.
    Piped(Span),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
}

impl Token {
    /// The value that it is, if it is one.
    pub(crate) fn into_value(self) -> Option<Value> {
        let (text, quoted) = match self.kind {
            Kind::Word(text) => (text, false),
            Kind::Quoted(text) => (text, true),
            _ => return None,
        };
        Some(Value::new(text, self.span, quoted))
    }
}

/// Cuts a search expression into tokens.
///
/// # Errors
/// Where a quote, a bracket or a parenthesis around a pipeline has no counterpart.
pub(crate) fn lex(text: &str, range: Span) -> Result<Vec<Token>, Diagnostic> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = range.start;
    // A pipe in the text of a search can only stand in parentheses; without one no group needs a look ahead.
    let may_pipe = range.of(text).contains('|');
    while at < range.end {
        let start = at;
        let Some(byte) = bytes.get(at).copied() else { break };
        // A group with a pipe directly in it is one token.
        if byte == b'('
            && may_pipe
            && let (end, true) = end_of_group(text, at, range.end)?
        {
            at = end;
            tokens.push(Token { kind: Kind::Piped(Span::new(start + 1, end - 1)), span: Span::new(start, end) });
            continue;
        }
        let kind = match byte {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'(' | b')' | b',' => {
                at += 1;
                match byte {
                    b'(' => Kind::Open,
                    b')' => Kind::Close,
                    _ => Kind::Comma,
                }
            }
            b'[' => {
                at = end_of_brackets(text, at).filter(|end| *end <= range.end).ok_or_else(|| {
                    Diagnostic::error("spl/syntax", "this bracket is not closed", Span::new(start, start + 1))
                })?;
                Kind::Subsearch(Span::new(start + 1, at - 1))
            }
            b']' | b'|' => {
                let what = if byte == b'|' { "a pipe cannot stand here" } else { "this bracket closes nothing" };
                return Err(Diagnostic::error("spl/syntax", what, Span::new(at, at + 1)));
            }
            b'=' => {
                at += if bytes.get(at + 1) == Some(&b'=') { 2 } else { 1 };
                Kind::Operator(BinaryOperator::Equal)
            }
            b'!' if bytes.get(at + 1) == Some(&b'=') => {
                at += 2;
                Kind::Operator(BinaryOperator::NotEqual)
            }
            b'<' | b'>' => {
                let or_equal = bytes.get(at + 1) == Some(&b'=');
                at += if or_equal { 2 } else { 1 };
                Kind::Operator(match (byte, or_equal) {
                    (b'<', false) => BinaryOperator::Less,
                    (b'<', true) => BinaryOperator::LessEqual,
                    (_, false) => BinaryOperator::Greater,
                    (_, true) => BinaryOperator::GreaterEqual,
                })
            }
            _ => {
                let after_operator = matches!(tokens.last(), Some(Token { kind: Kind::Operator(_), .. }));
                let (word, quoted, end) = word(text, at, range.end, after_operator)?;
                at = end;
                if quoted { Kind::Quoted(word) } else { Kind::Word(word) }
            }
        };
        tokens.push(Token { kind, span: Span::new(start, at) });
    }
    Ok(tokens)
}

/// Whether a subsearch stands where a value is expected: behind an operator, or in the list of IN.
///
/// # Errors
/// As [`lex`].
pub(crate) fn has_subsearch_as_value(text: &str, range: Span) -> Result<bool, Diagnostic> {
    if !range.of(text).contains('[') {
        return Ok(false);
    }
    let tokens = lex(text, range)?;
    let (mut before, mut in_list): (Option<&Kind>, bool) = (None, false);
    for Token { kind, .. } in &tokens {
        match (before, kind) {
            (Some(Kind::Operator(_)), Kind::Subsearch(_)) => return Ok(true),
            (_, Kind::Subsearch(_)) if in_list => return Ok(true),
            (Some(Kind::Word(word)), Kind::Open) => in_list = word.eq_ignore_ascii_case("IN"),
            (_, Kind::Open | Kind::Close) => in_list = false,
            _ => {}
        }
        before = Some(kind);
    }
    Ok(false)
}

/// Reads a word: its value, whether all of it is one quoted text, its end.
fn word(text: &str, start: usize, limit: usize, after_operator: bool) -> Result<(String, bool, usize), Diagnostic> {
    let bytes = text.as_bytes();
    let mut value = String::new();
    let mut at = start;
    let mut all_quoted = false;
    while at < limit {
        let Some(byte) = bytes.get(at).copied() else { break };
        match byte {
            b'"' => {
                let end = end_of_quoted(text, at).filter(|end| *end <= limit).ok_or_else(|| {
                    Diagnostic::error("spl/syntax", "this quote is not closed", Span::new(at, at + 1))
                })?;
                value.push_str(&crate::pipeline::quotes::unescape(text.get(at + 1..end - 1).unwrap_or("")));
                all_quoted = at == start;
                at = end;
                // A quoted name or value ends with its quote; a quote within a word continues it.
                if all_quoted && !continues(bytes.get(at).copied(), at < limit) {
                    return Ok((value, true, at));
                }
                all_quoted = false;
            }
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\')) && at + 1 < limit => {
                value.push(char::from(bytes.get(at + 1).copied().unwrap_or(b'\\')));
                at += 2;
            }
            b'(' | b')' | b'[' | b']' | b'|' => break,
            // A comma belongs to a value such as `a,b`, not to a list.
            b',' if bytes.get(at + 1).is_none_or(|next| next.is_ascii_whitespace() || *next == b'"')
                || !after_operator =>
            {
                break;
            }
            b'=' | b'<' | b'>' if !after_operator => break,
            b'!' if !after_operator && bytes.get(at + 1) == Some(&b'=') => break,
            b if b.is_ascii_whitespace() => break,
            _ => {
                let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                value.push_str(text.get(at..at + length).unwrap_or(""));
                at += length;
            }
        }
    }
    if at == start {
        // A byte that begins no word here, such as a comma that is none of a list.
        at += 1;
    }
    Ok((value, all_quoted, at))
}

/// Whether a word goes on after a quoted stretch: `"a b"*`.
fn continues(next: Option<u8>, inside: bool) -> bool {
    inside && matches!(next, Some(b'*'))
}

/// Where the group that opens at `start` ends, and whether a pipe stands directly in it.
fn end_of_group(text: &str, start: usize, limit: usize) -> Result<(usize, bool), Diagnostic> {
    let bytes = text.as_bytes();
    let (mut at, mut nested, mut brackets, mut piped) = (start, 0usize, 0usize, false);
    while at < limit {
        match bytes.get(at) {
            Some(b'\\') => at += 1,
            Some(b'"') => {
                at = end_of_quoted(text, at).unwrap_or(limit);
                continue;
            }
            Some(b'[') => brackets += 1,
            Some(b']') => brackets = brackets.saturating_sub(1),
            Some(b'(') if brackets == 0 => nested += 1,
            Some(b')') if brackets == 0 => {
                nested = nested.saturating_sub(1);
                if nested == 0 {
                    return Ok((at + 1, piped));
                }
            }
            // Directly: not in a group within the group.
            Some(b'|') if brackets == 0 && nested == 1 => piped = true,
            _ => {}
        }
        at += 1;
    }
    Err(Diagnostic::error("spl/syntax", "this parenthesis is not closed", Span::new(start, start + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        lex(text, Span::new(0, text.len())).unwrap().into_iter().map(|token| token.kind).collect()
    }

    fn word(text: &str) -> Kind {
        Kind::Word(text.into())
    }

    #[test]
    fn words_operators_and_quotes() {
        assert_eq!(
            kinds(r#"a.b{}!="x \"y\"" c>=3"#),
            [
                word("a.b{}"),
                Kind::Operator(BinaryOperator::NotEqual),
                Kind::Quoted("x \"y\"".into()),
                word("c"),
                Kind::Operator(BinaryOperator::GreaterEqual),
                word("3"),
            ]
        );
    }

    #[test]
    fn values_hold_equals_signs_commas_and_escaped_quotes() {
        let equal = || Kind::Operator(BinaryOperator::Equal);
        assert_eq!(kinds("a=*x=y*"), [word("a"), equal(), word("*x=y*")]);
        assert_eq!(kinds("a=b,c"), [word("a"), equal(), word("b,c")]);
        assert_eq!(kinds(r#"a=*\"p\":t* b"#), [word("a"), equal(), word("*\"p\":t*"), word("b")]);
        assert_eq!(kinds(r"a=*\\b\c*"), [word("a"), equal(), word(r"*\b\c*")]);
        assert_eq!(kinds("a=b, c=d").len(), 7);
    }

    #[test]
    fn groups_with_pipes_are_one_token() {
        let tokens = kinds("x (a | b (c)) (d)");
        assert_eq!(tokens.len(), 5);
        assert!(matches!(tokens[1], Kind::Piped(span) if span == Span::new(3, 12)));
        assert_eq!(tokens[2], Kind::Open);
    }
}
