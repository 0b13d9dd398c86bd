//! Text to tokens. There are no comments: `//` and `/*` are parts of values.
use mynah_dialect::{Token, TokenKind};
use mynah_syntax::{Diagnostic, Span};

/// The characters that mean something outside of quotes, and stand for themselves behind a backslash.
pub(crate) const SPECIAL: &str = "\\():<>\"*{}";

/// A piece of the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    Colon,
    /// `<`, `<=`, `>`, `>=`.
    Range(crate::ast::RangeOperator),
    And,
    Or,
    Not,
    /// A text in quotes.
    Quoted(String),
    /// Letters up to the next blank: the texts between its wildcards.
    Word(Vec<String>),
}

/// A piece and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lexed {
    pub piece: Piece,
    pub span: Span,
}

pub(crate) fn is_keyword(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// The pieces of a query, and what is wrong with it.
pub(crate) fn lex(text: &str) -> (Vec<Lexed>, Vec<Diagnostic>) {
    let mut lexer = Lexer { text, at: 0, diagnostics: Vec::new() };
    let mut pieces = Vec::new();
    while let Some(c) = lexer.peek() {
        let start = lexer.at;
        if is_blank(c) {
            lexer.at += c.len_utf8();
            continue;
        }
        let piece = lexer.piece(c);
        pieces.push(Lexed { piece, span: Span::new(start, lexer.at) });
    }
    (pieces, lexer.diagnostics)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn piece(&mut self, c: char) -> Piece {
        use crate::ast::RangeOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
        let one = match c {
            '(' => Piece::Open,
            ')' => Piece::Close,
            '{' => Piece::OpenBrace,
            '}' => Piece::CloseBrace,
            ':' => Piece::Colon,
            '<' | '>' => {
                self.at += 1;
                let or_equal = self.peek() == Some('=');
                self.at += usize::from(or_equal);
                return Piece::Range(match (c, or_equal) {
                    ('<', false) => Less,
                    ('<', true) => LessOrEqual,
                    (_, false) => Greater,
                    (_, true) => GreaterOrEqual,
                });
            }
            '"' => return self.quoted(),
            _ => return self.word(),
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
        let rest = self.text.get(self.at..).unwrap_or_default();
        let code = rest.strip_prefix(['u', 'U']).and_then(|digits| digits.get(..4));
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match (rest.chars().next(), code) {
            (Some('u'), Some(c)) => {
                text.push(c);
                self.at += 5;
            }
            (Some(c @ ('t' | 'r' | 'n')), _) => {
                text.push(if c == 't' {
                    '\t'
                } else if c == 'r' {
                    '\r'
                } else {
                    '\n'
                });
                self.at += 1;
            }
            (Some(c), _) if special.contains(c) => {
                text.push(c);
                self.at += 1;
            }
            // In quotes a backslash before anything else stands for itself.
            _ => text.push('\\'),
        }
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
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
                    if is_keyword(&word) {
                        part.push_str(&word);
                        self.at += word.len();
                        continue;
                    }
                    let mut escaped = String::new();
                    self.escape(&mut escaped, SPECIAL);
                    part.push_str(&escaped);
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
        let keyword = match span.of(self.text).to_ascii_lowercase().as_str() {
            "and" => Piece::And,
            "or" => Piece::Or,
            "not" => Piece::Not,
            _ => return Piece::Word(parts),
        };
        if self.peek() == Some('(') {
            self.diagnostics.push(crate::lint::keyword_without_blank(span, span.of(self.text)));
        }
        keyword
    }
}

/// The tokens of a query, for editors: a name in front of a colon or a range is a field.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let (pieces, _) = lex(text);
    // A field may have blanks in it: all words up to the colon are one name.
    let mut kinds: Vec<TokenKind> = Vec::with_capacity(pieces.len());
    for lexed in &pieces {
        let kind = match &lexed.piece {
            Piece::And | Piece::Or | Piece::Not => TokenKind::Operator,
            Piece::Colon | Piece::Range(_) => {
                for kind in kinds.iter_mut().rev().take_while(|kind| **kind == TokenKind::Text) {
                    *kind = TokenKind::Field;
                }
                TokenKind::Operator
            }
            Piece::Quoted(_) | Piece::Word(_) => TokenKind::Text,
            _ => TokenKind::Punctuation,
        };
        kinds.push(kind);
    }
    pieces.into_iter().zip(kinds).map(|(lexed, kind)| Token { span: lexed.span, kind }).collect()
}
