//! Text to tokens. There are no comments: `//` and `/*` are parts of values.
use crate::ast::RangeOperator;
use mynah_dialect::{Token, TokenKind};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// The characters that mean something outside of quotes, and stand for themselves behind a backslash.
pub(crate) const SPECIAL: &str = "\\():<>\"*{}";

/// A piece of the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// A parenthesis, a brace or a colon.
    Symbol(char),
    /// `<`, `<=`, `>`, `>=`.
    Range(RangeOperator),
    And,
    Or,
    Not,
    /// A text in quotes.
    Quoted(String),
    /// Letters up to the next blank: the texts between its wildcards.
    Word(Vec<String>),
}

/// The keyword that a word is, in any case.
pub(crate) fn keyword(word: &str) -> Option<Piece> {
    let keywords = [("and", Piece::And), ("or", Piece::Or), ("not", Piece::Not)];
    keywords.into_iter().find(|(keyword, _)| keyword.eq_ignore_ascii_case(word)).map(|(_, piece)| piece)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// The pieces of a query, and what is wrong with it.
pub(crate) fn lex(text: &str) -> (Vec<Spanned<Piece>>, Vec<Diagnostic>) {
    let mut lexer = Lexer { text, at: 0, diagnostics: Vec::new() };
    let mut pieces = Vec::new();
    while let Some(c) = lexer.peek() {
        let start = lexer.at;
        if is_blank(c) {
            lexer.at += c.len_utf8();
            continue;
        }
        let piece = lexer.piece(c);
        pieces.push(Spanned::new(piece, start..lexer.at));
    }
    (pieces, lexer.diagnostics)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn piece(&mut self, c: char) -> Piece {
        let rest = self.rest();
        let one = match c {
            '(' | ')' | '{' | '}' | ':' => Piece::Symbol(c),
            '"' => return self.quoted(),
            _ => match RangeOperator::ALL.into_iter().find(|operator| rest.starts_with(operator.symbol())) {
                Some(operator) => {
                    self.at += operator.symbol().len();
                    return Piece::Range(operator);
                }
                None => return self.word(),
            },
        };
        self.at += 1;
        one
    }

    fn quoted(&mut self) -> Piece {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Piece::Quoted(text),
                Some('\\') => self.escape(&mut text, "\\\""),
                Some(c) => text.push(c),
                None => {
                    let span = Span::new(start, start + 1);
                    self.diagnostics.push(Diagnostic::error("kuery/syntax", "this quote is not closed", span));
                    return Piece::Quoted(text);
                }
            }
        }
    }

    /// What stands behind a backslash: one of `special`, a control character's letter, or four hexadecimal digits.
    fn escape(&mut self, text: &mut String, special: &str) {
        let rest = self.rest();
        let code = rest.strip_prefix('u').and_then(|digits| u32::from_str_radix(digits.get(..4)?, 16).ok());
        let (c, length) = match (rest.chars().next(), code.and_then(char::from_u32)) {
            (_, Some(c)) => (c, 5),
            (Some('t'), _) => ('\t', 1),
            (Some('r'), _) => ('\r', 1),
            (Some('n'), _) => ('\n', 1),
            (Some(c), _) if special.contains(c) => (c, 1),
            // In quotes a backslash before anything else stands for itself.
            _ => ('\\', 0),
        };
        text.push(c);
        self.at += length;
    }

    fn word(&mut self) -> Piece {
        let start = self.at;
        let mut parts = vec![String::new()];
        while let Some(c) = self.peek().filter(|c| !is_blank(*c)) {
            let Some(part) = parts.last_mut() else { break };
            match c {
                '*' => {
                    parts.push(String::new());
                    self.at += 1;
                }
                '\\' => {
                    let at = self.at;
                    self.at += 1;
                    let rest = self.rest();
                    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
                    if keyword(&word).is_some() {
                        part.push_str(&word);
                        self.at += word.len();
                        continue;
                    }
                    self.escape(part, SPECIAL);
                    if self.at == at + 1 {
                        self.diagnostics.push(crate::lint::lone_backslash(Span::new(at, at + 1)));
                    }
                }
                c if SPECIAL.contains(c) => break,
                c => {
                    part.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        let span = Span::new(start, self.at);
        let Some(keyword) = keyword(span.of(self.text)) else { return Piece::Word(parts) };
        if self.peek() == Some('(') {
            self.diagnostics.push(crate::lint::keyword_without_blank(span, span.of(self.text)));
        }
        keyword
    }
}

/// The tokens of a query, broken or not: a name in front of a colon or a range is a field.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for Spanned { node, span } in lex(text).0 {
        let kind = match node {
            Piece::And | Piece::Or | Piece::Not => TokenKind::Operator,
            Piece::Symbol(':') | Piece::Range(_) => {
                // A field may have blanks in it: all words up to the colon are one name.
                for token in tokens.iter_mut().rev().take_while(|token| token.kind == TokenKind::Text) {
                    token.kind = TokenKind::Field;
                }
                TokenKind::Operator
            }
            Piece::Quoted(_) | Piece::Word(_) => TokenKind::Text,
            Piece::Symbol(_) => TokenKind::Punctuation,
        };
        tokens.push(Token { span, kind });
    }
    tokens
}
