use crate::ast::{ArithmeticOp, CompareOp};
use logos::{Lexer, Logos};
use mynah_syntax::Span;
use std::borrow::Cow;

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub kind: LexemeKind,
    pub span: Span,
}

/// The kinds of tokens. Keywords are [`LexemeKind::Word`]s: which words are special depends on the place.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\f\u{a0}\u{feff}]+")]
pub(crate) enum LexemeKind {
    #[token("--", line_comment)]
    #[token("/*", block_comment)]
    Comment,
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
    #[token("*", |_| ArithmeticOp::Multiply)]
    #[token("/", |_| ArithmeticOp::Divide)]
    #[token("%", |_| ArithmeticOp::Modulo)]
    #[token("+", |_| ArithmeticOp::Add)]
    #[token("-", |_| ArithmeticOp::Subtract)]
    #[token("^", |_| ArithmeticOp::Power)]
    #[token("&", |_| ArithmeticOp::BitAnd)]
    #[token("|", |_| ArithmeticOp::BitOr)]
    Arithmetic(ArithmeticOp),
    #[token("||")]
    Concat,
    #[token("=", |_| CompareOp::Equal)]
    #[token("==", |_| CompareOp::Equal)]
    #[token("!=", |_| CompareOp::NotEqual)]
    #[token("<>", |_| CompareOp::NotEqual)]
    #[token("<", |_| CompareOp::Less)]
    #[token("<=", |_| CompareOp::LessEqual)]
    #[token(">", |_| CompareOp::Greater)]
    #[token(">=", |_| CompareOp::GreaterEqual)]
    Compare(CompareOp),
}

fn line_comment(lexer: &mut Lexer<'_, LexemeKind>) -> LexemeKind {
    let rest = lexer.remainder();
    lexer.bump(rest.find('\n').unwrap_or(rest.len()));
    LexemeKind::Comment
}

fn block_comment(lexer: &mut Lexer<'_, LexemeKind>) -> LexemeKind {
    let end = lexer.remainder().find("*/");
    lexer.bump(end.map_or(lexer.remainder().len(), |end| end + 2));
    if end.is_some() { LexemeKind::Comment } else { LexemeKind::UnclosedComment }
}

impl LexemeKind {
    pub const EQUAL: LexemeKind = LexemeKind::Compare(CompareOp::Equal);
    pub const MINUS: LexemeKind = LexemeKind::Arithmetic(ArithmeticOp::Subtract);
    pub const PLUS: LexemeKind = LexemeKind::Arithmetic(ArithmeticOp::Add);
    pub const STAR: LexemeKind = LexemeKind::Arithmetic(ArithmeticOp::Multiply);
}

impl Lexeme {
    /// What a quoted token says, its quotes taken off; any other token as it stands.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let whole = self.span.of(text);
        let inside = |quote: char| {
            let rest = whole.strip_prefix(quote).unwrap_or(whole);
            rest.strip_suffix(quote).unwrap_or(rest)
        };
        match self.kind {
            LexemeKind::Text => unescape(inside('\''), "''", "'"),
            LexemeKind::QuotedName => unescape(inside('"'), "\"\"", "\""),
            LexemeKind::CurlyText | LexemeKind::CurlyName => {
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
