//! Tokens to a tree: what all parts of a query share. Operators are read by the table in `operators/`.
//!
//! After a fault the parser goes on behind the next pipe, so that one run names all faults of a query.
mod expression;
mod nested;
pub(crate) mod operators;
mod scope;

use crate::ast::{Count, Name, Place, Query, Regex, Scope, Step, Text};
use crate::lexer::{self, Token, TokenKind};
use mynah_syntax::{Depth, Diagnostic, Span};

/// The code of what the grammar does not allow.
const SYNTAX: &str = "sumo/syntax";

/// Reads a query. There is always a tree: what is wrong is among the diagnostics and not in the tree.
///
/// ```
/// let (query, diagnostics) = mynah_sumo::parse("error|count  by user");
/// assert!(diagnostics.is_empty());
/// assert_eq!(query.to_string(), "error\n| count by user");
/// ```
pub fn parse(text: &str) -> (Query, Vec<Diagnostic>) {
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
        let scope = self.unless_broken(Self::scope).unwrap_or(Scope::All(Place(Span::at(0))));
        let mut steps = Vec::new();
        while self.peek().kind == TokenKind::Pipe {
            self.bump();
            let next = self.peek();
            // A pipe with nothing behind it is harmless, as at the end of a query in the making.
            if self.at_end() {
                let message = "there is no operator behind this pipe";
                self.diagnostics.push(Diagnostic::warning("sumo/empty-step", message, Span::at(next.span.start)));
                continue;
            }
            if steps.len() >= MAX_STEPS {
                let message = format!("more than {MAX_STEPS} operators");
                self.diagnostics.push(Diagnostic::error("syntax/too-deep", message, next.span));
                break;
            }
            self.depth = Depth::default();
            steps.extend(self.unless_broken(Self::outer_step));
        }
        Query { scope, steps }
    }

    /// What stands here; where it is broken, that is noted and all up to the next pipe left out.
    fn unless_broken<T>(&mut self, read: fn(&mut Self) -> Parsed<T>) -> Option<T> {
        let result = read(self);
        result.map_err(|fault| self.skip_step(fault)).ok()
    }

    fn outer_step(&mut self) -> Parsed<Step> {
        let start = self.peek().span.start;
        let operator = operators::parse(self)?;
        // A semicolon at the very end is left over from elsewhere.
        self.eat(";");
        if !self.at_end() {
            return Err(self.unexpected("`|` or the end of the query"));
        }
        let before = self.text.get(..self.peek().span.start).unwrap_or("");
        Ok(Step { operator, place: Place(Span::new(start, before.trim_end().len())) })
    }

    /// Notes a fault and goes on to the next pipe that is not inside brackets.
    fn skip_step(&mut self, fault: Diagnostic) {
        self.diagnostics.push(fault);
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

    /// Where the next token begins, and the text from there.
    pub(super) fn rest(&self) -> (usize, &'t str) {
        let start = lexer::skip_trivia(self.text, self.at);
        (start, self.text.get(start..).unwrap_or(""))
    }

    /// The next token, which stays where it is.
    pub fn peek(&self) -> Token<'t> {
        lexer::token(self.text, self.rest().0)
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

    /// Notes what the vendor's product would refuse and is plain all the same.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }

    /// Whether this symbol or word stands here.
    pub fn at(&self, text: &str) -> bool {
        self.peek().is(text)
    }

    /// Takes this symbol or word, if it stands here.
    pub fn eat(&mut self, text: &str) -> bool {
        let found = self.at(text);
        if found {
            self.bump();
        }
        found
    }

    /// Takes this symbol or word, which must stand here.
    pub fn expect(&mut self, text: &str) -> Parsed<Span> {
        if self.at(text) { Ok(self.bump().span) } else { Err(self.unexpected(&format!("`{text}`"))) }
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
        let (text, span) = match token.kind {
            // A name that begins with a digit must be quoted; its meaning is plain all the same.
            TokenKind::Word | TokenKind::Number | TokenKind::Parameter => (token.text.to_owned(), token.span),
            TokenKind::Quoted => (unquote(token.text), token.span),
            _ if token.is("%") => {
                let next = self.peek_second();
                match next.kind {
                    TokenKind::Text => (unquote(next.text), token.span.to(next.span)),
                    // `%name`, with dots and square brackets: up to what cannot belong to it.
                    TokenKind::Word if next.span.start == token.span.end => {
                        let rest = self.text.get(next.span.start..).unwrap_or("");
                        let outside = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'));
                        let name = rest.split(outside).next().unwrap_or("");
                        (name.to_owned(), Span::new(token.span.start, next.span.start + name.len()))
                    }
                    _ => return Err(self.unexpected("the name of a field")),
                }
            }
            _ => return Err(self.unexpected("the name of a field")),
        };
        self.at = span.end;
        Ok(Name { text, quoted: token.kind != TokenKind::Word, place: Place(span) })
    }

    /// Things with commas between them.
    pub fn list<T>(&mut self, one: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.eat(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// Names with commas between them.
    pub fn names(&mut self) -> Parsed<Vec<Name>> {
        self.list(Self::name)
    }

    /// Something in parentheses or without.
    pub fn bracketed<T>(&mut self, inner: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let brackets = self.eat("(");
        let inner = inner(self)?;
        if brackets {
            self.expect(")")?;
        }
        Ok(inner)
    }

    /// What stands behind this symbol or word, if that is there.
    pub fn behind<T: Default>(&mut self, text: &str, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.eat(text) { read(self) } else { Ok(T::default()) }
    }

    /// `as name`, if it is there.
    pub fn alias(&mut self) -> Parsed<Option<Name>> {
        self.behind("as", |p| p.name().map(Some))
    }

    /// `by a, b` (or `group by`), if it is there.
    pub fn by(&mut self) -> Parsed<Vec<Name>> {
        if self.at("group") && self.peek_second().is("by") {
            self.bump();
        }
        self.behind("by", Self::names)
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
        let (start, rest) = self.rest();
        if !rest.starts_with('/') {
            return Ok(None);
        }
        let Some(length) = lexer::regex(rest) else {
            return Err(self.error("this regular expression has no closing `/`", Span::new(start, start + 1)));
        };
        let mut raw = rest.get(1..length - 1).unwrap_or("").to_owned();
        let mut end = start + length;
        // `/x/i`, which public queries write for `/(?i)x/`.
        let mut behind = rest.get(length..).unwrap_or("").chars();
        if behind.next() == Some('i') && !behind.next().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            raw.insert_str(0, "(?i)");
            end += 1;
        }
        self.at = end;
        Ok(Some(Regex { raw, place: Place(Span::new(start, end)) }))
    }

    /// Whether `field=` stands here.
    pub fn at_field_option(&self) -> bool {
        self.at("field") && self.peek_second().is("=")
    }

    /// `field=name`, if it is there.
    pub fn field_option(&mut self) -> Parsed<Option<Name>> {
        if !self.at_field_option() {
            return Ok(None);
        }
        self.bump();
        self.bump();
        self.name().map(Some)
    }

    /// A whole number, or a dashboard's parameter in its place.
    pub fn count(&mut self) -> Parsed<Count> {
        let token = self.peek();
        let place = Place(token.span);
        let wrong = |_| self.error(format!("`{}` is no whole number", token.text), token.span);
        let count = match token.kind {
            TokenKind::Number => Count::Number(token.text.parse().map_err(wrong)?, place),
            TokenKind::Parameter => Count::Parameter(token.text.to_owned(), place),
            _ => return Err(self.unexpected("a whole number")),
        };
        self.bump();
        Ok(count)
    }

    /// Whatever stands up to the next white space, for addresses such as `geo://location`.
    pub fn raw_word(&mut self) -> Parsed<(String, Span)> {
        self.address(&['|', ')', ' ', '\t', '\n', '\r'])
    }

    /// Whatever stands up to one of these characters outside quotes.
    pub(super) fn address(&mut self, ends: &[char]) -> Parsed<(String, Span)> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let start = self.at + rest.len() - rest.trim_start().len();
        let rest = self.text.get(start..).unwrap_or("");
        let mut in_quotes = false;
        let end = rest
            .find(|c: char| {
                if c == '"' {
                    in_quotes = !in_quotes;
                }
                !in_quotes && ends.contains(&c)
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
        let (start, rest) = self.rest();
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
