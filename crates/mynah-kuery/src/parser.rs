//! Tokens to tree. Behind an error it goes on at the next `and`, `or` or parenthesis.
use crate::ast::{Literal, Query, QueryKind};
use crate::lexer::{Piece, lex};
use crate::lint;
use mynah_syntax::{Depth, Diagnostic, Span, Spanned};

/// Reads a query: its tree, if there is enough of it, and what is wrong. An empty one matches everything, as in Kibana.
pub fn parse(text: &str) -> (Option<Query>, Vec<Diagnostic>) {
    let (pieces, diagnostics) = lex(text);
    if let Some(refused) = lint::kusto(text) {
        return (None, vec![refused]);
    }
    let mut parser = Parser { text, pieces, at: 0, field: None, depth: Depth::default(), diagnostics };
    if parser.pieces.is_empty() {
        let value = Literal { parts: vec![String::new(); 2], quoted: false, span: Span::at(0) };
        return (Some(QueryKind::Is { field: None, value }.at(Span::at(0))), parser.diagnostics);
    }
    let mut query = parser.or();
    while let Some(lexed) = parser.pieces.get(parser.at).cloned() {
        // What can follow a whole query is a parenthesis too many, or a condition without a word in front of it.
        if matches!(lexed.node, Piece::Symbol(')') | Piece::Symbol('}')) {
            parser.at += 1;
            parser.error("this closes nothing", lexed.span);
            continue;
        }
        parser.diagnostics.push(lint::missing_operator(Span::at(lexed.span.start)));
        let before = parser.at;
        let more = parser.or();
        parser.at = parser.at.max(before + 1);
        query = match (query, more) {
            (Some(query), Some(more)) => Some(joined(vec![query, more], QueryKind::And)),
            (query, more) => query.or(more),
        };
    }
    (query, parser.diagnostics)
}

/// So many conditions can be joined by one word: what follows them by recursion has a stack that ends.
const MOST_JOINED: usize = 10_000;

struct Parser<'t> {
    text: &'t str,
    pieces: Vec<Spanned<Piece>>,
    at: usize,
    /// In a list of values: the field they are values of.
    field: Option<Literal>,
    depth: Depth,
    diagnostics: Vec<Diagnostic>,
}

fn joined(mut parts: Vec<Query>, kind: fn(Vec<Query>) -> QueryKind) -> Query {
    if parts.len() == 1
        && let Some(one) = parts.pop()
    {
        return one;
    }
    let span = parts.iter().map(|part| part.span).reduce(Span::to).unwrap_or_default();
    kind(parts).at(span)
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Piece> {
        self.pieces.get(self.at).map(|lexed| &lexed.node)
    }

    fn span(&self) -> Span {
        self.pieces.get(self.at).map_or(Span::at(self.text.len()), |lexed| lexed.span)
    }

    fn eat(&mut self, piece: &Piece) -> bool {
        let found = self.peek() == Some(piece);
        self.at += usize::from(found);
        found
    }

    fn error(&mut self, message: &str, span: Span) {
        self.diagnostics.push(Diagnostic::error("kuery/syntax", message, span));
    }

    fn error_here(&mut self, message: &str) {
        self.error(message, self.span());
    }

    fn or(&mut self) -> Option<Query> {
        self.list(&Piece::Or, QueryKind::Or, |parser| parser.list(&Piece::And, QueryKind::And, Parser::not))
    }

    fn list(
        &mut self,
        word: &Piece,
        kind: fn(Vec<Query>) -> QueryKind,
        part: impl Fn(&mut Self) -> Option<Query>,
    ) -> Option<Query> {
        let mut parts = vec![part(self)];
        while self.eat(word) {
            parts.push(part(self));
        }
        if parts.len() > MOST_JOINED {
            self.error_here(&format!("more than {MOST_JOINED} conditions are joined before this"));
            return None;
        }
        parts.into_iter().collect::<Option<Vec<_>>>().map(|parts| joined(parts, kind))
    }

    fn not(&mut self) -> Option<Query> {
        let start = self.span();
        if !self.eat(&Piece::Not) {
            return self.one();
        }
        let query = self.one()?;
        let span = start.to(query.span);
        Some(QueryKind::Not(Box::new(query)).at(span))
    }

    /// What stands in parentheses, or one condition; in a list of values, one value.
    fn one(&mut self) -> Option<Query> {
        match (self.peek(), self.field.clone()) {
            (Some(Piece::Symbol('(')), _) => self.enclosed(&Piece::Symbol(')')),
            (_, Some(field)) => {
                let value = self.literal()?;
                if matches!(self.peek(), Some(Piece::Symbol(':') | Piece::Range(_))) {
                    self.error_here("a list of values has no fields in it; put a parenthesis before the field's name");
                    self.skip();
                    return None;
                }
                let span = value.span;
                Some(QueryKind::Is { field: Some(field), value }.at(span))
            }
            (_, None) => self.expression(),
        }
    }

    /// What stands in parentheses or braces, one level deeper.
    fn enclosed(&mut self, close: &Piece) -> Option<Query> {
        let open = self.span();
        self.at += 1;
        if let Err(error) = self.depth.enter(open) {
            self.diagnostics.push(error);
            self.at = self.pieces.len();
            return None;
        }
        let query = self.or();
        self.depth.leave();
        if self.eat(close) {
            return query;
        }
        match self.peek() {
            None => self.error("this is not closed", open),
            Some(_) => {
                self.error("`and`, `or` or a closing parenthesis is missing here", Span::at(self.span().start));
            }
        }
        self.skip();
        self.eat(close);
        None
    }

    /// Goes on to where a condition can begin or end.
    fn skip(&mut self) {
        while self.peek().is_some_and(|piece| {
            !matches!(piece, Piece::And | Piece::Or | Piece::Symbol('(') | Piece::Symbol(')') | Piece::Symbol('}'))
        }) {
            self.at += 1;
        }
    }

    /// `field: value`, `field < value` or a value alone.
    fn expression(&mut self) -> Option<Query> {
        let literal = self.literal()?;
        match self.peek() {
            Some(Piece::Symbol(':')) => {
                self.at += 1;
                let query = if self.peek() == Some(&Piece::Symbol('{')) {
                    let query = Box::new(self.enclosed(&Piece::Symbol('}'))?);
                    let span = query.span;
                    QueryKind::Nested { field: literal.clone(), query }.at(span)
                } else {
                    self.values(&literal)?
                };
                Some(Query { span: literal.span.to(query.span), ..query })
            }
            Some(&Piece::Range(operator)) => {
                self.at += 1;
                let value = self.literal()?;
                let span = literal.span.to(value.span);
                Some(QueryKind::Range { field: literal, operator, value }.at(span))
            }
            _ => {
                self.diagnostics.extend(lint::other_language(self.text, &literal));
                let span = literal.span;
                Some(QueryKind::Is { field: None, value: literal }.at(span))
            }
        }
    }

    /// A value of a field, or a list of values in parentheses.
    fn values(&mut self, field: &Literal) -> Option<Query> {
        self.field = Some(field.clone());
        let query = match self.peek() {
            Some(Piece::Not) => {
                self.error_here("`not` stands before the field, or in parentheses with the value");
                None
            }
            _ => self.one(),
        };
        self.field = None;
        query
    }

    /// A text in quotes, or words up to the next special character or keyword, with the blanks between them.
    fn literal(&mut self) -> Option<Literal> {
        if let Some(Piece::Quoted(text)) = self.peek().cloned() {
            let span = self.span();
            self.at += 1;
            return Some(Literal { parts: vec![text], quoted: true, span });
        }
        let mut literal: Option<Literal> = None;
        while let Some(Piece::Word(parts)) = self.peek().cloned() {
            let span = self.span();
            self.at += 1;
            literal = Some(match literal {
                None => Literal { parts, quoted: false, span },
                Some(mut before) => {
                    let blanks = Span::new(before.span.end, span.start).of(self.text);
                    let mut parts = parts.into_iter();
                    if let (Some(last), Some(first)) = (before.parts.last_mut(), parts.next()) {
                        last.push_str(blanks);
                        last.push_str(&first);
                    }
                    before.parts.extend(parts);
                    Literal { span: before.span.to(span), ..before }
                }
            });
        }
        if literal.is_none() {
            self.error_here("a field or a value is missing here");
            self.skip();
        }
        literal
    }
}
