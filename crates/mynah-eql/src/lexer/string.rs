//! The forms of a string: `"…"` with escapes, `"""…"""` without, and those that Elastic once knew.
use super::syntax;
use super::{Lexer, Token};
use mynah_syntax::{Diagnostic, Span};

impl Lexer<'_> {
    /// A string; the lexer stands at its first quotation mark, or at the `?` before it.
    pub(super) fn string(&mut self) -> Option<Token> {
        if self.rest().starts_with("\"\"\"") {
            return Some(self.raw_string());
        }
        if self.rest().starts_with('?') {
            return Some(self.old_raw_string());
        }
        let start = self.at;
        let quote = self.bump()?;
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                Some(c) if c == quote => break,
                None | Some('\n' | '\r') => {
                    self.at = at;
                    self.diagnostics.push(
                        syntax("this string is not closed on its line", Span::new(start, at))
                            .with_help("end it with a quotation mark; a line break in a string is written `\\n`"),
                    );
                    return Some(Token::Text(value));
                }
                Some('\\') => self.escape(at, quote, &mut value),
                Some(other) => value.push(other),
            }
        }
        if quote == '\'' {
            let span = Span::new(start, self.at);
            self.diagnostics.push(
                Diagnostic::warning("eql/single-quotes", "Elastic refuses strings in single quotes", span).with_fix(
                    span,
                    crate::ast::quote(&value),
                    "write it in double quotes",
                ),
            );
        }
        Some(Token::Text(value))
    }

    /// What follows a backslash in a string.
    fn escape(&mut self, start: usize, quote: char, value: &mut String) {
        let Some(next) = self.peek().filter(|c| *c != '\n' && *c != '\r') else {
            // The string is not closed, which its reader says.
            value.push('\\');
            return;
        };
        let plain = match next {
            'b' => Some('\u{8}'),
            't' => Some('\t'),
            'n' => Some('\n'),
            'f' => Some('\u{c}'),
            'r' => Some('\r'),
            '"' => Some('"'),
            '\\' => Some('\\'),
            _ if next == quote => Some(next),
            _ => None,
        };
        if let Some(plain) = plain {
            self.bump();
            value.push(plain);
            return;
        }
        if self.rest().starts_with("u{") {
            self.unicode_escape(start, value);
            return;
        }
        self.bump();
        value.push('\\');
        value.push(next);
        let span = Span::new(start, self.at);
        self.diagnostics.push(
            Diagnostic::warning("eql/bad-escape", format!("Elastic knows no escape `\\{next}`"), span).with_fix(
                span,
                format!("\\\\{next}"),
                "it is read as a backslash and what follows; write a backslash as `\\\\`",
            ),
        );
    }

    /// `\u{…}`, 2 to 8 hexadecimal digits.
    fn unicode_escape(&mut self, start: usize, value: &mut String) {
        self.at += "u{".len();
        let digits = self.take_while(|c| c.is_ascii_hexdigit());
        let closed = self.rest().starts_with('}');
        if closed {
            self.at += 1;
        }
        let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        match character {
            Some(character) if closed && (2..=8).contains(&digits.len()) => value.push(character),
            _ => self.diagnostics.push(
                syntax("this is no character", Span::new(start, self.at))
                    .with_help("write `\\u{…}` with 2 to 8 hexadecimal digits: `\\u{200f}`"),
            ),
        }
    }

    /// `"""…"""`: everything stands for itself, up to the last three quotation marks in a row.
    fn raw_string(&mut self) -> Token {
        let start = self.at;
        self.at += 3;
        let rest = self.rest();
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let Some(end) = rest.get(..line).and_then(|line| line.find("\"\"\"")) else {
            self.at += line;
            self.diagnostics.push(
                syntax("this raw string is not closed on its line", Span::new(start, self.at))
                    .with_help("end it with `\"\"\"`"),
            );
            return Token::Text(rest.get(..line).unwrap_or("").to_owned());
        };
        // Quotation marks right before the closing three belong to the string, up to two of them.
        let extra = rest.get(end + 3..).map_or(0, |after| after.bytes().take(2).take_while(|b| *b == b'"').count());
        self.at += end + extra + 3;
        Token::Text(rest.get(..end + extra).unwrap_or("").to_owned())
    }

    /// `?"…"`, raw strings before Elasticsearch 7.11: a backslash keeps the quotation mark behind it from ending the
    /// string, and both stay.
    fn old_raw_string(&mut self) -> Token {
        let start = self.at;
        self.bump();
        let quote = self.bump().unwrap_or('"');
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                Some(c) if c == quote => break,
                None | Some('\n' | '\r') => {
                    self.at = at;
                    let span = Span::new(start, at);
                    self.diagnostics.push(syntax("this string is not closed on its line", span));
                    return Token::Text(value);
                }
                Some('\\') if self.rest().starts_with(quote) => {
                    value.push('\\');
                    value.extend(self.bump());
                }
                Some(other) => value.push(other),
            }
        }
        let span = Span::new(start, self.at);
        self.diagnostics.push(
            Diagnostic::warning(
                "eql/old-raw-string",
                "Elastic no longer takes `?` before a string as the mark of a raw string",
                span,
            )
            .with_fix(
                span,
                crate::ast::quote(&value),
                "write it with escapes, or raw in three double quotes",
            ),
        );
        Token::Text(value)
    }
}
