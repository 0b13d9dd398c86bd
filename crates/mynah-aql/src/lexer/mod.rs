//! Text to tokens. Never fails: what is no token becomes a diagnostic, and the rest goes on.
mod token;

pub(crate) use token::{Token, TokenKind};

use crate::lint::smart_quote;
use logos::Logos;
use mynah_syntax::{Diagnostic, Span};

/// The code of everything that is not AQL at all.
pub(crate) const SYNTAX: &str = "aql/syntax";

/// The tokens of a query, without spaces and comments, and what is wrong with them.
pub(crate) fn lex(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut tokens = Vec::new();
    let mut diagnostics = Vec::new();
    for (kind, range) in TokenKind::lexer(text).spanned() {
        let span = Span::from(range);
        match kind {
            Ok(TokenKind::UnclosedText) => {
                diagnostics.push(
                    Diagnostic::error(
                        SYNTAX,
                        "the text that starts here is not closed",
                        Span::new(span.start, span.start + 1),
                    )
                    .with_help("end it with `'`; a quote inside a text is written twice: `''`"),
                );
                tokens.push(Token { kind: TokenKind::Text, span });
            }
            Ok(TokenKind::UnclosedName) => {
                diagnostics.push(
                    Diagnostic::error(
                        SYNTAX,
                        "the name that starts here is not closed",
                        Span::new(span.start, span.start + 1),
                    )
                    .with_help("end it with `\"`"),
                );
                tokens.push(Token { kind: TokenKind::QuotedName, span });
            }
            Ok(TokenKind::UnclosedComment) => {
                diagnostics.push(Diagnostic::error(
                    SYNTAX,
                    "the comment that starts here is not closed",
                    Span::new(span.start, span.start + 2),
                ));
            }
            Ok(TokenKind::CurlyText) => {
                diagnostics.push(smart_quote::diagnostic(text, span, '\''));
                tokens.push(Token { kind: TokenKind::CurlyText, span });
            }
            Ok(TokenKind::CurlyName) => {
                diagnostics.push(smart_quote::diagnostic(text, span, '"'));
                tokens.push(Token { kind: TokenKind::CurlyName, span });
            }
            Ok(kind) => tokens.push(Token { kind, span }),
            Err(()) => {
                diagnostics.push(Diagnostic::error(SYNTAX, format!("`{}` has no meaning in AQL", span.of(text)), span))
            }
        }
    }
    (tokens, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).0.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn comments_and_quotes() {
        use TokenKind::*;
        assert_eq!(kinds("a -- 'x\n/* b */ 'it''s' \"B c\""), [Word, Text, QuotedName]);
        assert_eq!(lex("'it''s'").0[0].value("'it''s'"), "it's");
        assert_eq!(kinds("geo::lookup a.b 0x1F 1.5e3 7"), [Word, Word, Hex, Decimal, Whole]);
        assert_eq!(kinds("a<>b==c||d"), [Word, NotEqual, Word, Equal, Word, Concat, Word]);
    }

    #[test]
    fn what_is_not_closed_is_reported_once() {
        assert_eq!(lex("select 'abc").1.len(), 1);
        assert_eq!(lex("select \"abc").1.len(), 1);
        assert_eq!(lex("select /* abc").1.len(), 1);
        assert_eq!(lex("select \u{1}").1.len(), 1);
    }
}
