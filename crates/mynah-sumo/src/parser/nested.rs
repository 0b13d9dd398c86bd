//! Queries inside queries: `[subquery: …]`, and operators that hold others in parentheses.
use super::{Parsed, Parser, operators};
use crate::ast::{Place, Scope, Step, Subquery};
use crate::lexer::{self, TokenKind};
use mynah_syntax::Span;

impl<'t> Parser<'t> {
    /// Whether a subquery begins here.
    pub fn at_subquery(&self) -> bool {
        self.at("[") && self.peek_second().is("subquery")
    }

    /// `[subquery from=(…) to=(…): query | compose a, b maxresults=n keywords]`.
    pub fn subquery(&mut self) -> Parsed<Subquery> {
        let start = self.peek().span.start;
        let close = self.closing("[", "]")?;
        self.expect("[")?;
        self.expect("subquery")?;
        let (mut from, mut to) = (None, None);
        loop {
            let bound = if self.eat("from") {
                &mut from
            } else if self.eat("to") {
                &mut to
            } else {
                break;
            };
            self.expect("=")?;
            *bound = Some(self.time_text()?);
        }
        self.expect(":")?;
        let mut child = self.until(close.start);
        let parsed = self.deeper(|_| child.subquery_body());
        self.diagnostics.append(&mut child.diagnostics);
        self.at = close.end;
        let parsed = parsed?;
        Ok(Subquery { from, to, place: Place(Span::new(start, close.end)), ..parsed })
    }

    /// The text of a time in parentheses.
    fn time_text(&mut self) -> Parsed<String> {
        let close = self.closing("(", ")")?;
        let open = self.expect("(")?;
        self.at = close.end;
        Ok(self.text_of(Span::new(open.end, close.start)).trim().to_owned())
    }

    /// The query up to the end, whose last operator is `compose`.
    fn subquery_body(&mut self) -> Parsed<Subquery> {
        let mut parsed = Subquery {
            from: None,
            to: None,
            query: crate::ast::Query { scope: self.scope()?, steps: Vec::new() },
            compose: Vec::new(),
            max_results: None,
            keywords: false,
            place: Place::default(),
        };
        loop {
            self.expect_pipe()?;
            if self.eat("compose") {
                break;
            }
            parsed.query.steps.push(self.step()?);
        }
        parsed.compose = self.names()?;
        while !self.at_end() {
            self.eat(",");
            if self.eat("keywords") {
                parsed.keywords = true;
            } else if self.eat("maxresults") {
                self.eat("=");
                parsed.max_results = Some(self.count()?);
            } else {
                return Err(self.unexpected("`maxresults`, `keywords` or `]`"));
            }
        }
        Ok(parsed)
    }

    fn expect_pipe(&mut self) -> Parsed<()> {
        match self.peek().kind {
            TokenKind::Pipe => {
                self.bump();
                Ok(())
            }
            TokenKind::End => Err(self
                .error("a subquery ends in `| compose` and the fields that it gives", self.peek().span)
                .with_help("its rows become a condition on these fields")),
            _ => Err(self.unexpected("`|`")),
        }
    }

    /// Operators in parentheses with pipes between them, perhaps behind a scope.
    pub fn nested_steps(&mut self) -> Parsed<(Option<Scope>, Vec<Step>)> {
        let close = self.closing("(", ")")?;
        self.expect("(")?;
        let mut child = self.until(close.start);
        let parsed = self.deeper(|_| child.steps_behind_scope());
        self.diagnostics.append(&mut child.diagnostics);
        self.at = close.end;
        parsed
    }

    fn steps_behind_scope(&mut self) -> Parsed<(Option<Scope>, Vec<Step>)> {
        let mut scope = None;
        let mut ahead = self.until(self.text.len());
        // What is no operator is a scope.
        if ahead.peek().kind != TokenKind::Word || ahead.step().is_err() {
            scope = Some(self.scope()?);
            if self.peek().kind == TokenKind::End {
                return Ok((scope, Vec::new()));
            }
            self.bump();
        }
        let mut steps = vec![self.step()?];
        while self.peek().kind == TokenKind::Pipe {
            self.bump();
            steps.push(self.step()?);
        }
        Ok((scope, steps))
    }

    /// One operator, to its pipe.
    fn step(&mut self) -> Parsed<Step> {
        let start = self.peek().span.start;
        let operator = operators::parse(self)?;
        if !self.at_end() {
            return Err(self.unexpected("`|` or the end of the operator"));
        }
        let before = self.text.get(..self.peek().span.start).unwrap_or("");
        Ok(Step { operator, place: Place(Span::new(start, before.trim_end().len().max(start))) })
    }

    /// A parser of the text from here to `end`.
    fn until(&self, end: usize) -> Parser<'t> {
        Parser {
            text: self.text.get(..end).unwrap_or(self.text),
            at: self.at,
            depth: self.depth,
            diagnostics: Vec::new(),
        }
    }

    /// Where the bracket that opens here is closed.
    fn closing(&self, open: &str, close: &str) -> Parsed<Span> {
        let mut at = self.rest().0;
        let first = lexer::token(self.text, at);
        if !first.is(open) {
            return Err(self.unexpected(&format!("`{open}`")));
        }
        let mut depth = 0_usize;
        loop {
            let token = lexer::token(self.text, lexer::skip_trivia(self.text, at));
            match token.kind {
                TokenKind::End => return Err(self.error(format!("this `{open}` is not closed"), first.span)),
                TokenKind::Unterminated => return Err(self.error("this quote is not closed", token.span)),
                TokenKind::Symbol if token.text == open => depth += 1,
                TokenKind::Symbol if token.text == close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(token.span);
                    }
                }
                // A regular expression may hold brackets and quotes of its own.
                TokenKind::Word if token.is("matches") => {
                    let next = lexer::skip_trivia(self.text, token.span.end);
                    if let Some(length) =
                        self.text.get(next..).filter(|rest| rest.starts_with('/')).and_then(lexer::regex)
                    {
                        at = next + length;
                        continue;
                    }
                }
                _ => {}
            }
            at = token.span.end;
        }
    }
}
