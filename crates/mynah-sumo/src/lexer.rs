//! Text to tokens, one at a time: what a character means depends on where it stands (a `/` divides, or
//! begins a regular expression; a `*` multiplies, or is part of a keyword), and only the parser knows where.
use mynah_syntax::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name or a keyword, with the dots inside it.
    Word,
    /// Digits, with fraction, exponent and suffix: `1.5Gi`. Also what starts like one, `4xx`.
    Number,
    /// `"…"`.
    Text,
    /// `%"…"`.
    Quoted,
    /// `{{name}}`, a dashboard's parameter.
    Parameter,
    /// An operator or a bracket.
    Symbol,
    /// `|` between operators.
    Pipe,
    /// A quote that is not closed.
    Unterminated,
    /// A character without a meaning here.
    Unknown,
    /// The end of the query.
    End,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub kind: TokenKind,
    pub text: &'t str,
    pub span: Span,
}

impl Token<'_> {
    /// Whether it is this symbol, or this word in any case.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, TokenKind::Symbol | TokenKind::Word) && self.text.eq_ignore_ascii_case(text)
    }

    /// How it is called in a message.
    pub fn shown(&self) -> String {
        match self.kind {
            TokenKind::End => "the end of the query".into(),
            _ => format!("`{}`", self.text.chars().take(40).collect::<String>()),
        }
    }
}

/// Symbols of more than one character, before their beginnings.
const LONG_SYMBOLS: [&str; 7] = ["==", "!=", "<>", "<=", ">=", "&&", "||"];

/// The comment of either kind that begins at `at`, or behind white space there.
pub(crate) fn comment(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let trimmed = rest.trim_start();
    let length = match trimmed.strip_prefix("/*") {
        Some(inner) => inner.find("*/").map_or(trimmed.len(), |end| end + 4),
        None if trimmed.starts_with("//") => trimmed.find('\n').unwrap_or(trimmed.len()),
        None => return None,
    };
    let start = at + rest.len() - trimmed.len();
    Some(Span::new(start, start + length))
}

/// The place of the first token at or after `at`: past white space and comments.
pub(crate) fn skip_trivia(text: &str, mut at: usize) -> usize {
    while let Some(comment) = comment(text, at) {
        at = comment.end;
    }
    let rest = text.get(at..).unwrap_or("");
    at + rest.len() - rest.trim_start().len()
}

/// The token at `at`, which is where [`skip_trivia`] led.
pub(crate) fn token(text: &str, at: usize) -> Token<'_> {
    let rest = text.get(at..).unwrap_or("");
    let (kind, length) = measure(rest);
    Token { kind, text: rest.get(..length).unwrap_or(rest), span: Span::new(at, at + length) }
}

fn measure(rest: &str) -> (TokenKind, usize) {
    let Some(first) = rest.chars().next() else { return (TokenKind::End, 0) };
    if first == '"' {
        return quoted(rest, 1, TokenKind::Text);
    }
    if rest.starts_with("%\"") {
        return quoted(rest, 2, TokenKind::Quoted);
    }
    if rest.starts_with("{{") {
        return match rest.find("}}") {
            Some(end) => (TokenKind::Parameter, end + 2),
            None => (TokenKind::Unterminated, rest.len()),
        };
    }
    if first.is_ascii_digit() || (first == '.' && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())) {
        return (TokenKind::Number, number(rest));
    }
    if is_word_start(first) {
        return (TokenKind::Word, word(rest));
    }
    if let Some(symbol) = LONG_SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        return (TokenKind::Symbol, symbol.len());
    }
    match first {
        '|' => (TokenKind::Pipe, 1),
        '(' | ')' | ',' | '=' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '!' | '?' | ':' | '[' | ']' | ';' => {
            (TokenKind::Symbol, 1)
        }
        other => (TokenKind::Unknown, other.len_utf8()),
    }
}

/// Whether a word can begin with it.
pub(crate) fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Letters, digits and underscores, and single dots between them.
fn word(rest: &str) -> usize {
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let inner_dot = c == '.' && characters.peek().is_some_and(|(_, next)| is_word_part(*next));
        if !is_word_part(c) && !inner_dot {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    } else if bytes.get(end) == Some(&b'.') {
        // `0.` is a number; whatever follows it is none of its letters.
        return end + 1;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let suffix = rest.get(end..).unwrap_or("");
    end + suffix.find(|c| !is_word_part(c)).unwrap_or(suffix.len())
}

/// A quoted text whose content begins after `open` characters.
fn quoted(rest: &str, open: usize, kind: TokenKind) -> (TokenKind, usize) {
    closed(rest, open, '"').map_or((TokenKind::Unterminated, rest.len()), |length| (kind, length))
}

/// The length up to and with the first `close` behind so many characters; a backslash takes the next character along.
fn closed(rest: &str, open: usize, close: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(open) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == close => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a word of the scope (before the first pipe), which holds all sorts of characters.
pub(crate) fn scope_word(rest: &str, stop_at_operator: bool) -> usize {
    let mut end = 0;
    let mut parameter = false;
    for (at, c) in rest.char_indices() {
        let tail = rest.get(at..).unwrap_or("");
        if tail.starts_with("{{") {
            parameter = true;
        }
        let stops = match c {
            '}' => {
                if !tail.starts_with("}}") {
                    parameter = false;
                }
                false
            }
            _ if parameter => false,
            '|' | '(' | ')' | '"' => true,
            '=' | '<' | '>' => stop_at_operator,
            '!' => stop_at_operator && tail.starts_with("!="),
            ']' => true,
            _ => c.is_whitespace(),
        };
        if stops {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The length of a regular expression between slashes, both included; `None` where it does not end.
pub(crate) fn regex(rest: &str) -> Option<usize> {
    closed(rest, 1, '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let mut found = Vec::new();
        let mut at = skip_trivia(text, 0);
        loop {
            let next = token(text, at);
            if next.kind == TokenKind::End {
                return found;
            }
            found.push((next.kind, next.text));
            at = skip_trivia(text, next.span.end);
        }
    }

    #[test]
    fn tokens_of_an_expression() {
        use TokenKind::*;
        assert_eq!(
            kinds(
                r#"a.b >= 1.5Gi // why
                /* and */ + %"x y" % "q\"" {{p}} | "#
            ),
            [
                (Word, "a.b"),
                (Symbol, ">="),
                (Number, "1.5Gi"),
                (Symbol, "+"),
                (Quoted, "%\"x y\""),
                (Symbol, "%"),
                (Text, "\"q\\\"\""),
                (Parameter, "{{p}}"),
                (Pipe, "|"),
            ]
        );
        assert_eq!(kinds("0.and 1. "), [(Number, "0."), (Word, "and"), (Number, "1.")]);
        assert_eq!(kinds("3.14e+4 2e 4xx"), [(Number, "3.14e+4"), (Number, "2e"), (Number, "4xx")]);
    }

    #[test]
    fn words_of_the_scope() {
        assert_eq!(scope_word("_sourceCategory=*a/b* x", true), "_sourceCategory".len());
        assert_eq!(scope_word("*a/b*)", false), 5);
        assert_eq!(scope_word("{{a b}}/c d", false), 9);
    }
}
