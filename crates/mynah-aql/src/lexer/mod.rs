//! Text to lexemes. Never fails: what is none becomes a diagnostic, and the rest goes on.
mod lexeme;

pub(crate) use lexeme::{Lexeme, LexemeKind};

use crate::lint::smart_quote;
use logos::Logos;
use mynah_syntax::{Diagnostic, Span};

/// The code of everything that is not AQL at all.
pub(crate) const SYNTAX: &str = "aql/syntax";

/// All lexemes of a query, comments and what is none among them.
pub(crate) fn lexemes(text: &str) -> impl Iterator<Item = (Option<LexemeKind>, Span)> {
    LexemeKind::lexer(text).spanned().map(|(kind, range)| (kind.ok(), Span::from(range)))
}

/// The lexemes of a query, without comments, and what is wrong with them.
pub(crate) fn lex(text: &str) -> (Vec<Lexeme>, Vec<Diagnostic>) {
    let mut tokens = Vec::new();
    let mut diagnostics = Vec::new();
    for (kind, span) in lexemes(text) {
        let Some(kind) = kind else {
            diagnostics.push(Diagnostic::error(SYNTAX, format!("`{}` has no meaning in AQL", span.of(text)), span));
            continue;
        };
        let open = |what: &str, length: usize| {
            let message = format!("the {what} that starts here is not closed");
            Diagnostic::error(SYNTAX, message, Span::new(span.start, span.start + length))
        };
        let (said, kind) = match kind {
            LexemeKind::UnclosedText => {
                let help = "end it with `'`; a quote inside a text is written twice: `''`";
                (Some(open("text", 1).with_help(help)), Some(LexemeKind::Text))
            }
            LexemeKind::UnclosedName => {
                (Some(open("name", 1).with_help("end it with `\"`")), Some(LexemeKind::QuotedName))
            }
            LexemeKind::UnclosedComment => (Some(open("comment", 2)), None),
            LexemeKind::Comment => (None, None),
            LexemeKind::CurlyText => (Some(smart_quote(&Lexeme { kind, span }.value(text), span, '\'')), Some(kind)),
            LexemeKind::CurlyName => (Some(smart_quote(&Lexeme { kind, span }.value(text), span, '"')), Some(kind)),
            kind => (None, Some(kind)),
        };
        diagnostics.extend(said);
        tokens.extend(kind.map(|kind| Lexeme { kind, span }));
    }
    (tokens, diagnostics)
}
