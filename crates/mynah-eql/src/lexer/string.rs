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
        let start = self.at;
        // `?"…"`, a raw string before Elasticsearch 7.11.
        let is_old = self.rest().starts_with('?');
        self.at += usize::from(is_old);
        let quote = self.bump()?;
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                Some(c) if c == quote => break,
                None | Some('\n' | '\r') => {
                    self.at = at;
                    let unclosed = syntax("this string is not closed on its line", Span::new(start, at));
                    let help = "end it with a quotation mark; a line break in a string is written `\\n`";
                    self.diagnostics.push(if is_old { unclosed } else { unclosed.with_help(help) });
                    return Some(Token::Text(value));
                }
                // It keeps the quotation mark behind it from ending the string, and both stay.
                Some('\\') if is_old => {
                    value.push('\\');
                    value.extend(self.peek().filter(|next| *next == quote).and_then(|_| self.bump()));
                }
                Some('\\') => self.escape(at, quote, &mut value),
                Some(other) => value.push(other),
            }
        }
        let refused = match quote {
            _ if is_old => Some((
                "eql/old-raw-string",
                "Elastic no longer takes `?` before a string as the mark of a raw string",
                "write it with escapes, or raw in three double quotes",
            )),
            '\'' => {
                Some(("eql/single-quotes", "Elastic refuses strings in single quotes", "write it in double quotes"))
            }
            _ => None,
        };
        if let Some((code, message, help)) = refused {
            let span = Span::new(start, self.at);
            let warning = Diagnostic::warning(code, message, span);
            self.diagnostics.push(warning.with_fix(span, crate::ast::quote(&value), help));
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
        let message = format!("Elastic knows no escape `\\{next}`");
        let help = "it is read as a backslash and what follows; write a backslash as `\\\\`";
        let refused = Diagnostic::warning("eql/bad-escape", message, span);
        self.diagnostics.push(refused.with_fix(span, format!("\\\\{next}"), help));
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
            _ => {
                let diagnostic = syntax("this is no character", Span::new(start, self.at));
                let help = "write `\\u{…}` with 2 to 8 hexadecimal digits: `\\u{200f}`";
                self.diagnostics.push(diagnostic.with_help(help));
            }
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
            let unclosed = syntax("this raw string is not closed on its line", Span::new(start, self.at));
            self.diagnostics.push(unclosed.with_help("end it with `\"\"\"`"));
            return Token::Text(rest.get(..line).unwrap_or("").to_owned());
        };
        // Quotation marks right before the closing three belong to the string, up to two of them.
        let extra = rest.get(end + 3..).map_or(0, |after| after.bytes().take(2).take_while(|b| *b == b'"').count());
        self.at += end + extra + 3;
        Token::Text(rest.get(..end + extra).unwrap_or("").to_owned())
    }
}
