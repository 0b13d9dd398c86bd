//! A query's text as tokens. Whatever is no token is a diagnostic, and reading goes on behind it.
mod string;
mod token;

pub(crate) use token::{Lexeme, SYMBOLS, Symbol, Token};

use mynah_syntax::{Diagnostic, Span};

/// What is no EQL.
pub(crate) fn syntax(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error("eql/syntax", message, span)
}

/// The tokens of a text, and what else is in it.
pub(crate) struct Lexed {
    /// The tokens, the last of them [`Token::End`].
    pub(crate) lexemes: Vec<Lexeme>,
    pub(crate) comments: Vec<Span>,
    /// What is no token.
    pub(crate) strays: Vec<Span>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Cuts a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { text, at: 0, comments: Vec::new(), diagnostics: Vec::new() };
    let (mut lexemes, mut strays) = (Vec::new(), Vec::new());
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        match lexer.token() {
            Some(token) => {
                let end = token == Token::End;
                lexemes.push(Lexeme { token, span: Span::new(start, lexer.at) });
                if end {
                    let Lexer { comments, diagnostics, .. } = lexer;
                    return Lexed { lexemes, comments, strays, diagnostics };
                }
            }
            None => strays.push(Span::new(start, lexer.at)),
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    comments: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether the character behind the next one is wanted.
    fn is_next(&self, wanted: impl Fn(char) -> bool) -> bool {
        self.rest().chars().nth(1).is_some_and(wanted)
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        loop {
            let start = self.at;
            // A byte order mark and other blanks than Elastic's four do no harm.
            self.take_while(|c| c.is_whitespace() || c == '\u{feff}');
            let comment = self.at;
            if self.rest().starts_with("//") {
                self.take_while(|c| c != '\n' && c != '\r');
            } else if self.rest().starts_with("/*") {
                self.block_comment();
            }
            if self.at > comment {
                self.comments.push(Span::new(comment, self.at));
            }
            if self.at == start {
                return;
            }
        }
    }

    /// Block comments nest.
    fn block_comment(&mut self) {
        let start = self.at;
        let mut open = 0usize;
        loop {
            if self.rest().starts_with("/*") {
                open += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                open -= 1;
                self.at += 2;
                if open == 0 {
                    return;
                }
            } else if self.bump().is_none() {
                let unclosed = syntax("this comment is never closed", Span::new(start, start + 2));
                self.diagnostics.push(unclosed.with_help("end it with `*/`"));
                return;
            }
        }
    }

    /// The next token; `None` if there was something that is none, which is skipped.
    fn token(&mut self) -> Option<Token> {
        let start = self.at;
        let Some(first) = self.peek() else { return Some(Token::End) };
        match first {
            '"' | '\'' => self.string(),
            '?' if self.is_next(|c| matches!(c, '"' | '\'')) => self.string(),
            '`' => self.quoted_name(),
            '0'..='9' => Some(self.number()),
            '.' if self.is_next(|c| c.is_ascii_digit()) => Some(self.number()),
            'a'..='z' | 'A'..='Z' | '_' | '@' => {
                self.bump();
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                let word = self.text.get(start..self.at).unwrap_or("").to_owned();
                if self.rest().starts_with('~') {
                    self.at += 1;
                    return Some(Token::TildeWord(word));
                }
                Some(Token::Word(word))
            }
            _ => self.symbol(),
        }
    }

    fn symbol(&mut self) -> Option<Token> {
        let rest = self.rest();
        if let Some((text, symbol)) = SYMBOLS.iter().find(|(text, _)| rest.starts_with(text)) {
            self.at += text.len();
            return Some(Token::Symbol(*symbol));
        }
        let start = self.at;
        let stray = self.bump()?;
        // `&&` is one mistake, not two.
        self.take_while(|c| c == stray);
        let span = Span::new(start, self.at);
        let (message, help) = match stray {
            '!' => {
                ("`!` alone is no operator of EQL".to_owned(), "write `not` before a condition, `!=` between values")
            }
            '&' => ("`&` is no operator of EQL".to_owned(), "conditions are joined with `and`"),
            '“' | '”' | '‘' | '’' | '„' => (
                format!("`{stray}` is a typographic quotation mark"),
                "strings of EQL stand in straight double quotes, `\"`",
            ),
            ';' => ("`;` is no part of EQL".to_owned(), "a query ends with its text"),
            _ => (
                format!("`{stray}` means nothing in EQL here"),
                "strings stand in double quotes, odd names in backticks",
            ),
        };
        self.diagnostics.push(syntax(message, span).with_help(help));
        None
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let mut whole = true;
        // `4.name` is no number with a fraction, but `4.` and `4.5` are.
        if self.peek() == Some('.') && !self.is_next(|c| c.is_ascii_alphabetic() || c == '_') {
            whole = false;
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let exponent = self.rest().strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if let Some(digits) = exponent
            && digits.starts_with(|c: char| c.is_ascii_digit())
        {
            whole = false;
            self.at = self.text.len() - digits.len();
            self.take_while(|c| c.is_ascii_digit());
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        match text.parse::<i64>() {
            Ok(number) if whole => Token::Integer(number),
            // Digits with at most one dot and exponent always parse; too large ones as infinity.
            _ => Token::Float(text.parse::<f64>().unwrap_or(f64::INFINITY)),
        }
    }

    /// A name in backticks, where two backticks stand for one.
    fn quoted_name(&mut self) -> Option<Token> {
        let start = self.at;
        self.bump();
        let mut name = String::new();
        loop {
            match self.bump() {
                Some('`') if self.rest().starts_with('`') => {
                    self.bump();
                    name.push('`');
                }
                Some('`') => return Some(Token::Quoted(name)),
                Some(other) => name.push(other),
                None => {
                    let unclosed = syntax("this name is never closed", Span::new(start, start + 1));
                    self.diagnostics.push(unclosed.with_help("end it with a backtick"));
                    return Some(Token::Quoted(name));
                }
            }
        }
    }
}
