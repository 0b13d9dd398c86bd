use super::ast::{Comparison, Search, Value};
use super::lexer::{Kind, Token, lex};
use crate::expression::BinaryOperator;
use crate::pipeline::{self, Note, Parsing};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// Reads a search expression: `a=1 (b OR "c d") NOT e IN (1, 2)`.
///
/// # Errors
/// At the first thing that is none.
pub(crate) fn parse(parsing: &mut Parsing<'_>, range: Span) -> Result<Search, Diagnostic> {
    let tokens = lex(parsing.text, range)?;
    let mut parser = Parser { parsing, tokens, at: 0, end: range.end };
    let search = parser.all()?;
    match parser.peek() {
        None => Ok(search),
        Some(token) => Err(Diagnostic::error("spl/syntax", "this parenthesis closes nothing", token.span)),
    }
}

struct Parser<'p, 'a> {
    parsing: &'p mut Parsing<'a>,
    tokens: Vec<Token>,
    at: usize,
    end: usize,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: Kind::Word(text), .. }) if text == word)
    }

    /// `AND` is implied between terms and binds least.
    fn all(&mut self) -> Result<Search, Diagnostic> {
        let at = self.here();
        self.parsing.depth.enter(at)?;
        let mut parts: Vec<Search> = Vec::new();
        let mut ors = Vec::new();
        loop {
            match self.peek() {
                None | Some(Token { kind: Kind::Close, .. }) => break,
                Some(Token { kind: Kind::Comma, .. }) => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if self.is_word("AND") {
                let span = self.here();
                self.at += 1;
                if parts.is_empty() || matches!(self.peek(), None | Some(Token { kind: Kind::Close, .. })) {
                    return Err(Diagnostic::error("spl/syntax", "AND needs something on both sides", span));
                }
                continue;
            }
            let start = self.here().start;
            let (part, bare_or) = self.any()?;
            if bare_or {
                let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.span.end);
                ors.push((parts.len(), Span::new(start, end)));
            }
            parts.push(part);
        }
        self.parsing.depth.leave();
        if parts.len() > 1 {
            for (place, span) in ors {
                let doubtful = parts.get(place).is_some_and(mixes_fields);
                self.parsing.notes.extend(doubtful.then_some(Note::OrBesideAnd(span)));
            }
        }
        Ok(if parts.len() == 1 { parts.pop().unwrap_or(Search::And(Vec::new())) } else { Search::And(parts) })
    }

    /// Terms with OR between them, and whether there is an OR.
    fn any(&mut self) -> Result<(Search, bool), Diagnostic> {
        if self.is_word("OR") {
            let span = self.here();
            self.at += 1;
            self.parsing.notes.push(Note::DanglingOr(span));
        }
        let mut parts = vec![self.not()?];
        while self.is_word("OR") {
            let span = self.here();
            self.at += 1;
            if matches!(self.peek(), None | Some(Token { kind: Kind::Close, .. })) {
                return Err(Diagnostic::error("spl/syntax", "OR needs something on both sides", span));
            }
            parts.push(self.not()?);
        }
        let has_or = parts.len() > 1;
        Ok((if has_or { Search::Or(parts) } else { parts.pop().unwrap_or(Search::And(Vec::new())) }, has_or))
    }

    fn not(&mut self) -> Result<Search, Diagnostic> {
        let mut negations = 0usize;
        while self.is_word("NOT") {
            let span = self.here();
            self.at += 1;
            negations += 1;
            if self.peek().is_none() {
                return Err(Diagnostic::error("spl/syntax", "NOT needs something after it", span));
            }
        }
        let part = self.primary()?;
        Ok(if negations % 2 == 1 { Search::Not(Box::new(part)) } else { part })
    }

    fn here(&self) -> Span {
        self.peek().map_or(Span::at(self.end), |token| token.span)
    }

    fn primary(&mut self) -> Result<Search, Diagnostic> {
        let Some(token) = self.next() else {
            return Err(Diagnostic::error(
                "spl/syntax",
                "the search ends where a term is expected",
                Span::at(self.end),
            ));
        };
        let text = self.parsing.text;
        match token.kind {
            Kind::Open => {
                let inner = self.all()?;
                match self.next() {
                    Some(Token { kind: Kind::Close, .. }) => Ok(inner),
                    _ => Err(Diagnostic::error("spl/syntax", "this parenthesis is not closed", token.span)),
                }
            }
            Kind::Subsearch(inner) => Ok(Search::Subsearch {
                pipeline: pipeline::parse(self.parsing, inner)?,
                text: inner.of(text).to_owned(),
                span: token.span,
            }),
            Kind::Piped(inner) => Ok(Search::Piped {
                pipeline: pipeline::parse(self.parsing, inner)?,
                text: inner.of(text).to_owned(),
                span: token.span,
            }),
            Kind::Word(word) => self.word(word, token.span, false),
            Kind::Quoted(word) => self.word(word, token.span, true),
            Kind::Close => Err(Diagnostic::error("spl/syntax", "this parenthesis closes nothing", token.span)),
            Kind::Comma => Err(Diagnostic::error("spl/syntax", "a term is expected before this comma", token.span)),
            Kind::Operator(operator) => Err(Diagnostic::error(
                "spl/syntax",
                format!("`{}` has no field on its left", operator.symbol()),
                token.span,
            )),
        }
    }

    /// A term, or the field of a comparison.
    fn word(&mut self, word: String, span: Span, quoted: bool) -> Result<Search, Diagnostic> {
        match self.peek().map(|token| token.kind.clone()) {
            Some(Kind::Operator(operator)) => {
                self.at += 1;
                let value = self.value(operator, span)?;
                Ok(self.compare(Spanned::new(word, span), operator, vec![value]))
            }
            Some(Kind::Word(next)) if next.eq_ignore_ascii_case("IN") && self.opens(1) => {
                self.at += 1;
                let values = self.list()?;
                Ok(self.compare(Spanned::new(word, span), BinaryOperator::Equal, values))
            }
            Some(Kind::Word(next)) if next == "NOT" && self.word_at(1, "IN") && self.opens(2) => {
                self.at += 2;
                let values = self.list()?;
                let inner = self.compare(Spanned::new(word, span), BinaryOperator::Equal, values);
                Ok(Search::Not(Box::new(inner)))
            }
            Some(Kind::Open) if !quoted && self.is_directive(&word, span) => {
                Ok(Search::Term(self.directive(&word, span)?))
            }
            _ => {
                if !quoted
                    && let Some((field, value)) = word.split_once("::")
                    && !field.is_empty()
                    && field.chars().all(|c| c.is_alphanumeric() || c == '_')
                {
                    let value = Value::new(value.to_owned(), span, false);
                    return Ok(self.compare(Spanned::new(field.to_owned(), span), BinaryOperator::Equal, vec![value]));
                }
                Ok(Search::Term(Value::new(word, span, quoted)))
            }
        }
    }

    fn opens(&self, ahead: usize) -> bool {
        matches!(self.tokens.get(self.at + ahead), Some(Token { kind: Kind::Open, .. }))
    }

    fn word_at(&self, ahead: usize, word: &str) -> bool {
        matches!(self.tokens.get(self.at + ahead), Some(Token { kind: Kind::Word(text), .. }) if text.eq_ignore_ascii_case(word))
    }

    fn compare(&mut self, field: Spanned<String>, operator: BinaryOperator, values: Vec<Value>) -> Search {
        if let (BinaryOperator::Equal, [value]) = (operator, values.as_slice()) {
            if let Some((earliest, moment)) = time_modifier(&field.node, &value.text) {
                return Search::Time { earliest, moment: Spanned::new(moment, value.span) };
            }
            if is_index_time(&field.node) {
                let message = format!("`{}` is left aside: files of logs have no time of indexing", field.node);
                let warning = Diagnostic::warning("spl/no-index-time", message, field.span.to(value.span));
                self.parsing.diagnostics.push(warning.with_help("`earliest` and `latest` go by the events' own time"));
                return Search::And(Vec::new());
            }
        }
        Search::Compare(Comparison { field, operator, values })
    }

    fn value(&mut self, operator: BinaryOperator, field: Span) -> Result<Value, Diagnostic> {
        let token = self.next();
        if let Some(Token { kind: Kind::Word(word), span }) = &token
            && self.is_directive(word, *span)
        {
            return self.directive(word, *span);
        }
        let at = token.as_ref().map_or(field, |token| token.span);
        token.and_then(Token::into_value).ok_or_else(|| {
            Diagnostic::error("spl/syntax", format!("a value is expected after `{}`", operator.symbol()), at)
        })
    }

    /// Whether the word opens a directive: a parenthesis follows it at once.
    fn is_directive(&self, word: &str, span: Span) -> bool {
        (word == "CASE" || word == "TERM") && self.opens(0) && self.here().start == span.end
    }

    /// `CASE(x)`, `TERM(x)`: the name is read already, the parenthesis is next.
    fn directive(&mut self, name: &str, span: Span) -> Result<Value, Diagnostic> {
        self.at += 1;
        let exact_case = name == "CASE";
        let Some(value) = self.next().and_then(Token::into_value) else {
            return Err(Diagnostic::error("spl/syntax", format!("{name}( ) holds one term"), span));
        };
        // TERM(a=b) is one term, equals sign and all.
        let mut value = Value { quoted: true, exact_case, whole: !exact_case, ..value };
        while let Some(Token { kind, span }) = self.next() {
            match kind {
                Kind::Close => return Ok(value),
                _ => {
                    value.text.push_str(span.of(self.parsing.text));
                    value.span = value.span.to(span);
                }
            }
        }
        Err(Diagnostic::error("spl/syntax", format!("the parenthesis of {name}( is not closed"), span))
    }

    /// `(a, "b", c)`.
    fn list(&mut self) -> Result<Vec<Value>, Diagnostic> {
        let open = self.here();
        self.at += 1;
        let mut values = Vec::new();
        loop {
            match self.next() {
                Some(Token { kind: Kind::Comma, .. }) => {}
                Some(Token { kind: Kind::Close, .. }) if values.is_empty() => {
                    return Err(Diagnostic::error("spl/syntax", "the list of IN is empty", open));
                }
                Some(Token { kind: Kind::Close, .. }) => return Ok(values),
                Some(token) => {
                    // Values of several words without quotes and commas are one value each.
                    let wrong = Diagnostic::error("spl/syntax", "a value is expected in the list of IN", token.span);
                    values.push(token.into_value().ok_or(wrong)?);
                }
                None => return Err(Diagnostic::error("spl/syntax", "the list of IN is not closed", open)),
            }
        }
    }
}

/// What an option of the search says of the events' time: whether of the first, and a moment as `earliest` has it.
fn time_modifier(name: &str, value: &str) -> Option<(bool, String)> {
    let ago = |earliest: bool, unit: &str| {
        value.bytes().all(|digit| digit.is_ascii_digit()).then(|| (earliest, format!("-{value}{unit}")))
    };
    match name {
        "earliest" | "starttime" | "starttimeu" => Some((true, value.to_owned())),
        "latest" | "endtime" | "endtimeu" => Some((false, value.to_owned())),
        "minutesago" | "startminutesago" => ago(true, "m"),
        "hoursago" | "starthoursago" => ago(true, "h"),
        "daysago" | "startdaysago" => ago(true, "d"),
        "monthsago" | "startmonthsago" => ago(true, "mon"),
        "endminutesago" => ago(false, "m"),
        "endhoursago" => ago(false, "h"),
        "enddaysago" => ago(false, "d"),
        "endmonthsago" => ago(false, "mon"),
        _ => None,
    }
}

fn is_index_time(name: &str) -> bool {
    matches!(name, "_index_earliest" | "_index_latest")
}

/// Whether what is joined by OR are not just values of one field: `index=a OR index=b` reads as it is meant.
fn mixes_fields(part: &Search) -> bool {
    let Search::Or(parts) = part else { return false };
    let field = |part: &Search| match part {
        Search::Compare(comparison) => Some(comparison.field.node.clone()),
        _ => None,
    };
    let first = parts.first().and_then(field);
    !(part.has_piped() || first.is_some() && parts.iter().all(|part| field(part) == first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Parsing;

    fn shown(text: &str) -> String {
        parse(&mut Parsing::new(text), Span::new(0, text.len())).unwrap().to_string()
    }

    #[test]
    fn or_binds_tighter_than_and() {
        assert_eq!(shown("a b OR c d"), r#""a" ("b" OR "c") "d""#);
        assert_eq!(shown("a AND b OR c"), r#""a" ("b" OR "c")"#);
        assert_eq!(shown("a=1 OR b=2 (c OR d)"), r#"("a"="1" OR "b"="2") ("c" OR "d")"#);
    }

    #[test]
    fn not_takes_the_next_term_only() {
        assert_eq!(shown("NOT a OR b"), r#"NOT "a" OR "b""#);
        assert_eq!(shown("NOT (a b)"), r#"NOT ("a" "b")"#);
        assert_eq!(shown("NOT NOT a"), r#""a""#);
    }

    #[test]
    fn lists_directives_and_indexed_fields() {
        assert_eq!(shown("a IN (1, \"b c\",d)"), r#""a" IN ("1", "b c", "d")"#);
        assert_eq!(shown("\"a.b\" IN(x,y)"), r#""a.b" IN ("x", "y")"#);
        assert_eq!(shown("CASE(Ab) host::x TERM(a=b)"), r#"CASE("Ab") "host"="x" "a=b""#);
        assert_eq!(shown("a = b , c=d"), r#""a"="b" "c"="d""#);
    }

    #[test]
    fn lower_case_operators_are_terms() {
        assert_eq!(shown("a or b"), r#""a" "or" "b""#);
    }

    #[test]
    fn what_is_no_search_is_refused() {
        for text in ["a=", "=a", "(a", "a)", "a IN ()", "NOT", "a OR", "OR", "AND b", "a | b"] {
            assert!(parse(&mut Parsing::new(text), Span::new(0, text.len())).is_err(), "{text}");
        }
    }
}
