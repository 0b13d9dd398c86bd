//! Tokens to a tree. A fault does not end it: the parser says what is wrong, skips to the next place
//! where something new begins, and goes on, so that one look shows all faults of a query.
mod expr;
mod query;
mod time;

use crate::ast::{At, Query, is_reserved};
use crate::lexer::{Lexeme, LexemeKind, SYNTAX, lex};
use mynah_syntax::{Depth, Diagnostic, Span};

/// Reads a query. There is a tree unless the text is empty; if a diagnostic is an error, parts of it may be missing.
///
/// ```
/// let (query, diagnostics) = mynah_aql::parse("select username from events where qid=1");
/// assert!(diagnostics.is_empty());
/// assert_eq!(query.unwrap().to_string(), "SELECT username FROM events WHERE qid = 1");
/// ```
pub fn parse(text: &str) -> (Option<Query>, Vec<Diagnostic>) {
    let (tokens, diagnostics) = lex(text);
    let mut parser =
        Parser { text, tokens, position: 0, diagnostics, silent: false, gave_up: false, depth: Depth::default() };
    if parser.tokens.is_empty() {
        if parser.diagnostics.is_empty() {
            parser.diagnostics.push(Diagnostic::error(SYNTAX, "there is no query here", Span::at(0)));
        }
        return (None, parser.diagnostics);
    }
    let query = parser.query();
    while parser.eat(LexemeKind::Semicolon) {}
    if let Some(rest) = parser.peek() {
        let shown = rest.span.of(text);
        parser.error(if shown.eq_ignore_ascii_case("select") {
            Diagnostic::error(SYNTAX, "a second query begins here", rest.span)
                .with_help("a file holds one query; put each into its own")
        } else {
            Diagnostic::error(SYNTAX, format!("nothing can follow here, but there is `{shown}`"), rest.span)
        });
    }
    parser.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (Some(query), parser.diagnostics)
}

const TOO_LARGE: &str = "this number is too large";

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Lexeme>,
    position: usize,
    diagnostics: Vec<Diagnostic>,
    /// Set by an error until the parser has found its feet again, so that one fault is reported once.
    silent: bool,
    /// Set where the query is nested too deep: nothing after that is worth a word.
    gave_up: bool,
    depth: Depth,
}

impl Parser<'_> {
    fn peek(&self) -> Option<Lexeme> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<Lexeme> {
        self.tokens.get(self.position + ahead).copied()
    }

    fn kind(&self) -> Option<LexemeKind> {
        self.peek().map(|token| token.kind)
    }

    /// Goes on behind the next token, if it is the one that was looked for.
    fn take(&mut self, found: bool) -> bool {
        self.position += usize::from(found);
        found
    }

    fn eat(&mut self, kind: LexemeKind) -> bool {
        self.take(self.kind() == Some(kind))
    }

    /// Whether the token `ahead` is this word, in any case.
    fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead)
            .is_some_and(|token| token.kind == LexemeKind::Word && token.span.of(self.text).eq_ignore_ascii_case(word))
    }

    fn is_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.take(self.is_word(word))
    }

    fn expect_word(&mut self, word: &str) -> bool {
        self.eat_word(word) || self.missing(word)
    }

    fn expect(&mut self, kind: LexemeKind, shown: &str) -> bool {
        self.eat(kind) || self.missing(shown)
    }

    fn missing(&mut self, shown: &str) -> bool {
        self.expected(&format!("`{shown}`"));
        false
    }

    /// Where the next token starts, or the text ends.
    fn here(&self) -> Span {
        self.peek().map_or(Span::at(self.text.len()), |token| token.span)
    }

    /// Where the last token ended.
    fn last_end(&self) -> usize {
        self.position.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.span.end)
    }

    /// From `start` to the end of the last token.
    fn since(&self, start: usize) -> At {
        At(Span::new(start, self.last_end().max(start)))
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        if !self.silent && !self.gave_up {
            self.diagnostics.push(diagnostic);
        }
        self.silent = true;
    }

    fn warn(&mut self, diagnostic: Diagnostic) {
        if !self.silent {
            self.diagnostics.push(diagnostic);
        }
    }

    fn expected(&mut self, what: &str) {
        let span = self.here();
        let found = match self.peek() {
            None => "the query ends".to_owned(),
            Some(token) => format!("there is `{}`", token.span.of(self.text)),
        };
        let mut diagnostic = Diagnostic::error(SYNTAX, format!("expected {what}, but {found}"), span);
        if self.peek().is_some_and(|token| token.kind == LexemeKind::Word && is_reserved(token.span.of(self.text))) {
            diagnostic = diagnostic.with_help("a property whose name is a word of AQL is written in double quotes");
        }
        self.error(diagnostic);
    }

    /// Skips to a token that `stop` accepts, parentheses counted, or to the end or the parenthesis that closes
    /// what the parser is in.
    fn recover(&mut self, stop: impl Fn(&Self) -> bool) {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                LexemeKind::Close if open == 0 => break,
                LexemeKind::Open => open += 1,
                LexemeKind::Close => open -= 1,
                _ if open == 0 && stop(self) => break,
                _ => {}
            }
            self.position += 1;
        }
        self.silent = false;
    }

    /// Goes one level down; if that is too deep, reports it and gives up the rest of the query.
    fn enter(&mut self) -> bool {
        match self.depth.enter(self.here()) {
            Ok(()) => true,
            Err(diagnostic) => {
                self.error(diagnostic);
                self.gave_up = true;
                self.position = self.tokens.len();
                false
            }
        }
    }
}
