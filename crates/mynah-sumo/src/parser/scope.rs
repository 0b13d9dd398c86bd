//! The scope: NOT binds tightest, then AND (which need not be written), then OR.
//!
//! Source: <https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/keyword-search-expressions/>
use super::{Parsed, Parser, one_or};
use crate::ast::{BinaryOperator, Name, Place, Scope};
use crate::lexer::{self, TokenKind};
use mynah_syntax::Span;

impl Parser<'_> {
    /// Everything before the first pipe.
    pub fn scope(&mut self) -> Parsed<Scope> {
        if self.at_end() {
            return Ok(Scope::All(Place(Span::at(self.peek().span.start))));
        }
        if self.at("cat") && self.rest().1.get(3..).is_some_and(|rest| rest.trim_start().starts_with("path://")) {
            let start = self.bump().span;
            let (path, span) = self.raw_word()?;
            return match self.at_end() {
                true => Ok(Scope::Cat(path, Place(start.to(span)))),
                false => Err(self.unexpected("`|` or the end of the query")),
            };
        }
        let scope = self.scope_or()?;
        if !self.at_end() {
            return Err(self.unexpected("a keyword or `|`"));
        }
        Ok(scope)
    }

    fn scope_or(&mut self) -> Parsed<Scope> {
        let mut parts = vec![self.scope_and()?];
        while self.eat("or") {
            parts.push(self.scope_and()?);
        }
        Ok(one_or(parts, Scope::Or))
    }

    fn scope_and(&mut self) -> Parsed<Scope> {
        let mut parts = vec![self.scope_not()?];
        loop {
            let written = self.eat("and");
            let ends = self.at_end() || self.at(")") || self.at("]") || self.at("or");
            if ends && !written {
                return Ok(one_or(parts, Scope::And));
            }
            parts.push(self.scope_not()?);
        }
    }

    fn scope_not(&mut self) -> Parsed<Scope> {
        let token = self.peek();
        if token.is("!") || token.is("not") {
            self.bump();
            let part = self.deeper(Self::scope_not)?;
            let place = Place(token.span.to(part.span()));
            return Ok(Scope::Not(part.into(), place));
        }
        if token.is("(") {
            self.bump();
            if self.eat(")") {
                return Ok(Scope::All(Place(token.span)));
            }
            let inner = self.deeper(Self::scope_or)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.at_subquery() {
            return Ok(Scope::Subquery(self.subquery()?.into()));
        }
        self.term()
    }

    fn term(&mut self) -> Parsed<Scope> {
        let token = self.peek();
        match token.kind {
            TokenKind::Text => return Ok(Scope::Phrase(self.text()?)),
            TokenKind::Quoted => {
                let name = self.name()?;
                return self.condition(name);
            }
            TokenKind::Unterminated => return Err(self.unexpected("a keyword")),
            _ => {}
        }
        let (start, rest) = self.rest();
        let length = lexer::scope_word(rest, true);
        if length == 0 {
            return Err(self.unexpected("a keyword"));
        }
        let span = Span::new(start, start + length);
        let word = self.text_of(span).to_owned();
        self.at = span.end;
        let is_name = word.chars().next().is_some_and(lexer::is_word_start)
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':'));
        if is_name && self.at_comparison() {
            let quoted = !word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            return self.condition(Name { text: word, quoted, place: Place(span) });
        }
        // Not a field's name: the comparison is part of the keyword.
        let whole = lexer::scope_word(rest, false);
        Ok(self.word(Span::new(start, start + whole.max(length))))
    }

    /// The keyword of this span.
    fn word(&mut self, span: Span) -> Scope {
        self.at = span.end;
        let word = self.text_of(span).to_owned();
        if word.chars().all(|c| c == '*') { Scope::All(Place(span)) } else { Scope::Word(word, Place(span)) }
    }

    fn at_comparison(&self) -> bool {
        let token = self.peek();
        (token.kind == TokenKind::Symbol && BinaryOperator::comparison(token.text).is_some())
            || (token.is("in") && self.peek_second().is("("))
    }

    fn condition(&mut self, name: Name) -> Parsed<Scope> {
        if self.at("in") && self.peek_second().is("(") {
            self.bump();
            self.bump();
            let one = |p: &mut Self| Ok(Scope::Field(name.clone(), BinaryOperator::Equal, p.value()?.into()));
            let parts = self.list(one)?;
            return if self.eat(")") { Ok(one_or(parts, Scope::Or)) } else { Err(self.unexpected("`,`")) };
        }
        let operator = self.bump();
        let Some(comparison) = BinaryOperator::comparison(operator.text) else {
            return Err(self.error(format!("expected `=`, found {}", operator.shown()), operator.span));
        };
        let value = self.value()?;
        Ok(Scope::Field(name, comparison, value.into()))
    }

    /// What a field is compared with: one keyword or phrase.
    fn value(&mut self) -> Parsed<Scope> {
        if self.at_text() {
            return Ok(Scope::Phrase(self.text()?));
        }
        let (start, rest) = self.rest();
        let word = rest.get(..lexer::scope_word(rest, false)).unwrap_or("");
        let length = word.find(',').unwrap_or(word.len());
        if length == 0 {
            return Err(self.unexpected("a value"));
        }
        Ok(self.word(Span::new(start, start + length)))
    }
}
