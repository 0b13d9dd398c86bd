use logos::{FilterResult, Lexer, Logos, Skip};
use mynah_syntax::Span;
use std::borrow::Cow;

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// The kinds of tokens. Keywords are [`TokenKind::Word`]s: which words are special depends on the place.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\f\u{a0}\u{feff}]+")]
pub(crate) enum TokenKind {
    #[token("--", line_comment)]
    LineComment,
    #[token("/*", block_comment)]
    UnclosedComment,
    #[regex(r"[\p{L}_$][\p{L}\p{M}\p{N}_$]*((::|\.)[\p{L}_$][\p{L}\p{M}\p{N}_$]*)*")]
    Word,
    #[regex(r#""([^"]|"")*""#)]
    QuotedName,
    #[regex(r#""([^"]|"")*"#)]
    UnclosedName,
    #[regex(r"'([^']|'')*'")]
    Text,
    #[regex(r"'([^']|'')*")]
    UnclosedText,
    #[regex(r"[‘’][^‘’\n]*[‘’]")]
    CurlyText,
    #[regex(r"[“”][^“”\n]*[“”]")]
    CurlyName,
    #[regex(r"[0-9]+", priority = 4)]
    Whole,
    #[regex(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", priority = 3)]
    Decimal,
    #[regex(r"0[xX][0-9a-fA-F]+")]
    Hex,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(".")]
    Dot,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("^")]
    Caret,
    #[token("&")]
    And,
    #[token("|")]
    Or,
    #[token("||")]
    Concat,
    #[token("=")]
    #[token("==")]
    Equal,
    #[token("!=")]
    #[token("<>")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
}

fn line_comment(lexer: &mut Lexer<'_, TokenKind>) -> Skip {
    let rest = lexer.remainder();
    lexer.bump(rest.find('\n').unwrap_or(rest.len()));
    Skip
}

fn block_comment(lexer: &mut Lexer<'_, TokenKind>) -> FilterResult<(), ()> {
    match lexer.remainder().find("*/") {
        Some(end) => {
            lexer.bump(end + 2);
            FilterResult::Skip
        }
        None => {
            lexer.bump(lexer.remainder().len());
            FilterResult::Emit(())
        }
    }
}

impl Token {
    /// What a quoted token says, its quotes taken off; any other token as it stands.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let whole = self.span.of(text);
        let inside = |quote: char| {
            let rest = whole.strip_prefix(quote).unwrap_or(whole);
            rest.strip_suffix(quote).unwrap_or(rest)
        };
        match self.kind {
            TokenKind::Text => unescape(inside('\''), "''", "'"),
            TokenKind::QuotedName => unescape(inside('"'), "\"\"", "\""),
            TokenKind::CurlyText | TokenKind::CurlyName => {
                let mut characters = whole.chars();
                characters.next();
                characters.next_back();
                Cow::Borrowed(characters.as_str())
            }
            _ => Cow::Borrowed(whole),
        }
    }
}

fn unescape<'t>(text: &'t str, twice: &str, once: &str) -> Cow<'t, str> {
    if text.contains(twice) { Cow::Owned(text.replace(twice, once)) } else { Cow::Borrowed(text) }
}
