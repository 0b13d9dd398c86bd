//! Tokens to a tree: what all parts of a query share. Operators are read by the table in `operators/`.
//!
//! After a fault the parser goes on behind the next pipe, so that one run names all faults of a query.
mod expression;
pub(crate) mod operators;
mod scope;

use crate::ast::{Count, Name, Place, Query, Regex, Scope, Step, Text};
use crate::lexer::{self, Token, TokenKind};
use mynah_syntax::{Depth, Diagnostic, Span};

/// The code of what the grammar does not allow.
const SYNTAX: &str = "sumo/syntax";

/// Reads a query. There is always a tree; whatever is wrong is among the diagnostics and not in the tree.
pub(crate) fn parse(text: &str) -> (Query, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    let query = parser.query();
    (query, parser.diagnostics)
}

/// How many operators a query may have: each makes the plan one level deeper.
const MAX_STEPS: usize = 500;

pub(crate) struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: Depth,
    diagnostics: Vec<Diagnostic>,
}

pub(crate) type Parsed<T> = Result<T, Diagnostic>;

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Self {
        Parser { text, at: 0, depth: Depth::default(), diagnostics: Vec::new() }
    }

    fn query(&mut self) -> Query {
        let scope = match self.scope() {
            Ok(scope) => scope,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                self.skip_step();
                Scope::All(Place(Span::at(0)))
            }
        };
        let mut steps = Vec::new();
        while self.peek().kind == TokenKind::Pipe {
            self.bump();
            let start = self.peek().span.start;
            // A pipe with nothing behind it is harmless, as at the end of a query in the making.
            if matches!(self.peek().kind, TokenKind::Pipe | TokenKind::End) {
                self.diagnostics.push(Diagnostic::warning(
                    "sumo/empty-step",
                    "there is no operator behind this pipe",
                    Span::at(start),
                ));
                continue;
            }
            if steps.len() >= MAX_STEPS {
                let message = format!("more than {MAX_STEPS} operators");
                self.diagnostics.push(Diagnostic::error("syntax/too-deep", message, self.peek().span));
                self.at = self.text.len();
                break;
            }
            self.depth = Depth::default();
            match operators::parse(self) {
                Ok(operator) => {
                    let next = self.peek();
                    // A semicolon at the very end is left over from elsewhere.
                    if next.is(";") {
                        self.bump();
                    }
                    let next = self.peek();
                    if matches!(next.kind, TokenKind::Pipe | TokenKind::End) {
                        let place = Place(Span::new(start, self.trimmed_end(next.span.start)));
                        steps.push(Step { operator, place });
                    } else {
                        let unexpected = self.unexpected("`|` or the end of the query");
                        self.diagnostics.push(unexpected);
                        self.skip_step();
                    }
                }
                Err(diagnostic) => {
                    self.diagnostics.push(diagnostic);
                    self.skip_step();
                }
            }
        }
        let rest = self.peek();
        if rest.kind != TokenKind::End {
            let unexpected = self.unexpected("`|`");
            self.diagnostics.push(unexpected);
        }
        Query { scope, steps }
    }

    /// Goes on to the next pipe that is not inside brackets.
    pub fn skip_step(&mut self) {
        let mut open = 0usize;
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::End => return,
                TokenKind::Pipe if open == 0 => return,
                TokenKind::Symbol if matches!(token.text, "(" | "[") => open += 1,
                TokenKind::Symbol if matches!(token.text, ")" | "]") => open = open.saturating_sub(1),
                _ => {}
            }
            self.at = token.span.end;
        }
    }

    fn trimmed_end(&self, end: usize) -> usize {
        self.text.get(..end).map_or(end, |before| before.trim_end().len())
    }

    /// The next token, which stays where it is.
    pub fn peek(&self) -> Token<'t> {
        lexer::token(self.text, lexer::skip_trivia(self.text, self.at))
    }

    /// The token after the next.
    pub fn peek_second(&self) -> Token<'t> {
        let first = self.peek();
        lexer::token(self.text, lexer::skip_trivia(self.text, first.span.end))
    }

    /// Takes the next token.
    pub fn bump(&mut self) -> Token<'t> {
        let token = self.peek();
        self.at = token.span.end;
        token
    }

    /// A parser that looks ahead from here and changes nothing.
    pub fn ahead(&self) -> Parser<'t> {
        Parser { text: self.text, at: self.at, depth: self.depth, diagnostics: Vec::new() }
    }

    /// The span from `start` to the last token taken.
    pub fn since(&self, start: usize) -> Span {
        Span::new(start, self.at.max(start))
    }

    /// The text of a span.
    pub fn text_of(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    pub fn error(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(SYNTAX, message, span)
    }

    /// The next token is not what should stand there.
    pub fn unexpected(&self, wanted: &str) -> Diagnostic {
        let token = self.peek();
        match token.kind {
            TokenKind::Unterminated => self.error("this quote is not closed", token.span),
            _ => self.error(format!("expected {wanted}, found {}", token.shown()), token.span),
        }
    }

    pub fn at_symbol(&self, symbol: &str) -> bool {
        self.peek().is(symbol)
    }

    pub fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    pub fn expect_symbol(&mut self, symbol: &str) -> Parsed<Span> {
        if self.at_symbol(symbol) { Ok(self.bump().span) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    pub fn at_word(&self, word: &str) -> bool {
        self.peek().is_word(word)
    }

    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    pub fn expect_word(&mut self, word: &str) -> Parsed<Span> {
        if self.at_word(word) { Ok(self.bump().span) } else { Err(self.unexpected(&format!("`{word}`"))) }
    }

    /// Whether the operator ends here.
    pub fn at_end(&self) -> bool {
        matches!(self.peek().kind, TokenKind::Pipe | TokenKind::End)
    }

    /// Whether a field's name can stand here.
    pub fn at_name(&self) -> bool {
        let token = self.peek();
        matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::Number | TokenKind::Parameter)
            || (token.is("%") && matches!(self.peek_second().kind, TokenKind::Word | TokenKind::Text))
    }

    /// The name of a field: `x`, `a.b`, `%"any text"`, `%x`.
    pub fn name(&mut self) -> Parsed<Name> {
        let token = self.peek();
        match token.kind {
            // A name that begins with a digit must be quoted; its meaning is plain all the same.
            TokenKind::Word | TokenKind::Number | TokenKind::Parameter => {
                self.bump();
                let quoted = token.kind != TokenKind::Word;
                Ok(Name { text: token.text.to_owned(), quoted, place: Place(token.span) })
            }
            TokenKind::Quoted => {
                self.bump();
                Ok(Name { text: unquote(token.text), quoted: true, place: Place(token.span) })
            }
            // `%name`, with dots and square brackets: up to what cannot belong to it.
            _ if token.is("%") => {
                let next = lexer::token(self.text, lexer::skip_trivia(self.text, token.span.end));
                if next.kind == TokenKind::Text {
                    self.at = next.span.end;
                    let place = Place(token.span.to(next.span));
                    return Ok(Name { text: unquote(next.text), quoted: true, place });
                }
                if next.kind != TokenKind::Word || next.span.start != token.span.end {
                    return Err(self.unexpected("the name of a field"));
                }
                let rest = self.text.get(next.span.start..).unwrap_or("");
                let length = rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']')))
                    .unwrap_or(rest.len());
                let span = Span::new(token.span.start, next.span.start + length);
                self.at = span.end;
                let text = rest.get(..length).unwrap_or(rest).to_owned();
                Ok(Name { text, quoted: true, place: Place(span) })
            }
            _ => Err(self.unexpected("the name of a field")),
        }
    }

    /// Things with commas between them.
    pub fn list<T>(&mut self, one: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.eat_symbol(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// Names with commas between them.
    pub fn names(&mut self) -> Parsed<Vec<Name>> {
        self.list(Self::name)
    }

    /// The same in parentheses or without.
    pub fn bracketed_names(&mut self) -> Parsed<Vec<Name>> {
        self.bracketed(Self::names)
    }

    /// Something in parentheses or without.
    pub fn bracketed<T>(&mut self, inner: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let brackets = self.eat_symbol("(");
        let inner = inner(self)?;
        if brackets {
            self.expect_symbol(")")?;
        }
        Ok(inner)
    }

    /// `as name`, if it is there.
    pub fn alias(&mut self) -> Parsed<Option<Name>> {
        if self.eat_word("as") { self.name().map(Some) } else { Ok(None) }
    }

    /// `as a, b`, with or without parentheses around the names.
    pub fn aliases(&mut self) -> Parsed<Vec<Name>> {
        if self.eat_word("as") { self.bracketed_names() } else { Ok(Vec::new()) }
    }

    /// `by a, b` (or `group by`), if it is there.
    pub fn by(&mut self) -> Parsed<Vec<Name>> {
        let group = self.at_word("group") && self.peek_second().is_word("by");
        if group {
            self.bump();
        }
        if self.eat_word("by") { self.names() } else { Ok(Vec::new()) }
    }

    /// A text between double quotes.
    pub fn text(&mut self) -> Parsed<Text> {
        let token = self.peek();
        if token.kind != TokenKind::Text {
            return Err(self.unexpected("a text in double quotes"));
        }
        self.bump();
        let raw = token.text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or("").to_owned();
        Ok(Text { raw, place: Place(token.span) })
    }

    pub fn at_text(&self) -> bool {
        self.peek().kind == TokenKind::Text
    }

    /// `/regex/`, if a slash stands here.
    pub fn regex(&mut self) -> Parsed<Option<Regex>> {
        let start = lexer::skip_trivia(self.text, self.at);
        let rest = self.text.get(start..).unwrap_or("");
        if !rest.starts_with('/') {
            return Ok(None);
        }
        let Some(length) = lexer::regex(rest) else {
            return Err(self.error("this regular expression has no closing `/`", Span::new(start, start + 1)));
        };
        self.at = start + length;
        let raw = rest.get(1..length - 1).unwrap_or("").to_owned();
        Ok(Some(Regex { raw, place: Place(Span::new(start, start + length)) }))
    }

    /// `field=name`, if it is there.
    pub fn field_option(&mut self) -> Parsed<Option<Name>> {
        if self.at_word("field") && self.peek_second().is("=") {
            self.bump();
            self.bump();
            return self.name().map(Some);
        }
        Ok(None)
    }

    /// A whole number, or a dashboard's parameter in its place.
    pub fn count(&mut self) -> Parsed<Count> {
        let token = self.peek();
        let place = Place(token.span);
        match token.kind {
            TokenKind::Number => {
                self.bump();
                let number = token
                    .text
                    .parse()
                    .map_err(|_| self.error(format!("`{}` is no whole number", token.text), token.span))?;
                Ok(Count::Number(number, place))
            }
            TokenKind::Parameter => {
                self.bump();
                Ok(Count::Parameter(token.text.to_owned(), place))
            }
            _ => Err(self.unexpected("a whole number")),
        }
    }

    /// Whatever stands up to the next white space, for addresses such as `geo://location`.
    pub fn raw_word(&mut self) -> Parsed<(String, Span)> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let start = self.at + rest.len() - rest.trim_start().len();
        let rest = self.text.get(start..).unwrap_or("");
        let mut in_quotes = false;
        let end = rest
            .find(|c: char| {
                if c == '"' {
                    in_quotes = !in_quotes;
                }
                !in_quotes && (c.is_whitespace() || c == '|' || c == ')')
            })
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(self.unexpected("an address"));
        }
        self.at = start + end;
        Ok((rest.get(..end).unwrap_or("").to_owned(), Span::new(start, start + end)))
    }

    /// One character between single quotes, for the options of `csv` and `split`: `delim=':'`, `quote='''`.
    pub fn character(&mut self) -> Parsed<char> {
        let start = lexer::skip_trivia(self.text, self.at);
        let rest = self.text.get(start..).unwrap_or("");
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let wrong = || Diagnostic::error(SYNTAX, "expected one character between quotes", Span::new(start, start + 1));
        let quote = quote.ok_or_else(wrong)?;
        let inner = rest.get(1..).unwrap_or("");
        let (character, length) = if inner.starts_with("\\t") {
            ('\t', 2)
        } else {
            let character = inner.chars().next().ok_or_else(wrong)?;
            // A backslash before a quote or another backslash takes the meaning from it, unless it is the character.
            let escaped = inner
                .chars()
                .nth(1)
                .filter(|next| character == '\\' && inner.chars().nth(2) == Some(quote) && *next != quote);
            match escaped {
                Some(next) => (next, 1 + next.len_utf8()),
                None => (character, character.len_utf8()),
            }
        };
        // White space between the quotes may have been one tab once.
        let after = inner.get(length..).unwrap_or("");
        let blanks = if character == ' ' { after.len() - after.trim_start_matches(' ').len() } else { 0 };
        let after = after.get(blanks..).unwrap_or("");
        if !after.starts_with(quote) {
            return Err(wrong());
        }
        self.at = start + 1 + length + blanks + 1;
        Ok(if blanks > 0 { '\t' } else { character })
    }

    /// One level deeper into brackets.
    pub fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth.enter(self.peek().span)?;
        let result = inner(self);
        self.depth.leave();
        result
    }
}

fn unquote(token: &str) -> String {
    let inner = token.trim_start_matches('%').strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or("");
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// One part as it is, several as one.
fn one_or<T>(mut parts: Vec<T>, several: fn(Vec<T>) -> T) -> T {
    match (parts.len(), parts.pop()) {
        (1, Some(part)) => part,
        (_, last) => {
            parts.extend(last);
            several(parts)
        }
    }
}
