use super::{Parser, TOO_LARGE};
use crate::ast::{At, Branch, Expr, ExprKind, MatchOp, Number, Test, is_reserved};
use crate::lexer::{LexemeKind, SYNTAX};
use mynah_syntax::{Diagnostic, Span};

impl Parser<'_> {
    /// Reads one level down; gives nothing, and a diagnostic, where that is too deep.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.enter() {
            return None;
        }
        let read = read(self);
        self.depth.leave();
        Some(read)
    }

    /// An expression from `start` to the end of the last token.
    fn node(&self, start: usize, kind: ExprKind) -> Expr {
        Expr { kind, at: self.since(start) }
    }

    /// What stands for an expression that could not be read.
    fn no_expr(&self) -> Expr {
        Expr::new(ExprKind::Error, self.here())
    }

    /// A whole expression. Where there is none, an [`ExprKind::Error`], and a diagnostic.
    pub(super) fn expr(&mut self) -> Expr {
        let expr = self.deeper(|parser| parser.any_of("OR", Self::and, ExprKind::Or));
        expr.unwrap_or_else(|| self.no_expr())
    }

    /// What `one` reads, and more of it behind commas.
    pub(super) fn list<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut all = vec![one(self)];
        while !self.silent && self.eat(LexemeKind::Comma) {
            all.push(one(self));
        }
        all
    }

    fn and(&mut self) -> Expr {
        self.any_of("AND", Self::not, ExprKind::And)
    }

    fn any_of(&mut self, word: &str, mut part: impl FnMut(&mut Self) -> Expr, join: fn(Vec<Expr>) -> ExprKind) -> Expr {
        let start = self.here().start;
        let first = part(self);
        if self.silent || !self.is_word(word) {
            return first;
        }
        let mut all = vec![first];
        while !self.silent && self.eat_word(word) {
            all.push(part(self));
        }
        self.node(start, join(all))
    }

    fn not(&mut self) -> Expr {
        if !self.is_word("NOT") {
            return self.predicate();
        }
        let start = self.here().start;
        let inner = self.deeper(|parser| {
            parser.position += 1;
            parser.not()
        });
        inner.map_or_else(|| self.no_expr(), |inner| self.node(start, ExprKind::Not(Box::new(inner))))
    }

    fn predicate(&mut self) -> Expr {
        let start = self.here().start;
        if self.is_word("LAST") && self.peek_at(1).is_some_and(|next| next.kind == LexemeKind::Whole) {
            return match self.last() {
                Some((count, unit)) => self.node(start, ExprKind::Last { count, unit }),
                None => self.no_expr(),
            };
        }
        if self.is_word("TEXT") && self.is_word_at(1, "SEARCH") {
            self.position += 2;
            // IBM's overview writes it with an equals sign once.
            self.eat(LexemeKind::EQUAL);
            let words = Box::new(self.atom());
            return self.node(start, ExprKind::TextSearch(words));
        }
        let mut left = self.sum();
        // One predicate may stand on another (`x LIKE 'a' = TRUE`); each step counts as a level.
        let depth = self.depth;
        while !self.silent {
            match self.predicate_after(left, start) {
                Ok(longer) => left = longer,
                Err(same) => {
                    left = same;
                    break;
                }
            }
            if !self.enter() {
                break;
            }
        }
        self.depth = depth;
        left
    }

    /// The predicate that `left` begins; `left` itself as an error where there is none.
    fn predicate_after(&mut self, left: Expr, start: usize) -> Result<Expr, Expr> {
        if let Some(LexemeKind::Compare(op)) = self.kind() {
            self.position += 1;
            let right = Box::new(self.sum());
            return Ok(self.node(start, ExprKind::Compare(Box::new(left), op, right)));
        }
        let value = Box::new(left);
        if self.eat_word("IS") {
            let negated = self.eat_word("NOT");
            self.expect_word("NULL");
            return Ok(self.node(start, ExprKind::Test { value, negated, test: Test::Null }));
        }
        let negated = self.is_word("NOT");
        let ahead = usize::from(negated);
        let mut words = [MatchOp::Like, MatchOp::Ilike, MatchOp::Matches, MatchOp::Imatches].into_iter();
        let op = words.find(|op| self.is_word_at(ahead, op.word()));
        let (is_between, is_in) = (self.is_word_at(ahead, "BETWEEN"), self.is_word_at(ahead, "IN"));
        if op.is_none() && !is_between && !is_in {
            return Err(*value);
        }
        self.position += ahead + 1;
        let test = if let Some(op) = op {
            Test::Match(op, Box::new(self.sum()))
        } else if is_between {
            let low = Box::new(self.sum());
            self.expect_word("AND");
            Test::Between(low, Box::new(self.sum()))
        } else {
            self.members()
        };
        Ok(self.node(start, ExprKind::Test { value, negated, test }))
    }

    /// What stands behind `IN`.
    fn members(&mut self) -> Test {
        if !self.expect(LexemeKind::Open, "(") {
            return Test::In(Vec::new());
        }
        let test = if self.is_word("SELECT") {
            let query = self.deeper(Self::query);
            query.map_or(Test::In(Vec::new()), |query| Test::InQuery(Box::new(query)))
        } else {
            Test::In(self.list(Self::expr))
        };
        self.expect(LexemeKind::Close, ")");
        test
    }

    pub(super) fn sum(&mut self) -> Expr {
        self.arithmetic(1)
    }

    /// Operators that bind at least as tightly as `least`, to the left.
    fn arithmetic(&mut self, least: u8) -> Expr {
        let start = self.here().start;
        let mut left = self.negation();
        let depth = self.depth;
        while !self.silent {
            let op = match self.kind() {
                Some(LexemeKind::Arithmetic(op)) => op,
                Some(LexemeKind::Concat) => {
                    let said = Diagnostic::error("aql/concat-operator", "AQL has no operator `||`", self.here());
                    self.error(said.with_help("join texts with CONCAT(a, b)"));
                    break;
                }
                _ => break,
            };
            if op.strength() < least || !self.enter() {
                break;
            }
            self.position += 1;
            let right = self.arithmetic(op.strength() + 1);
            left = self.node(start, ExprKind::Arithmetic(Box::new(left), op, Box::new(right)));
        }
        self.depth = depth;
        left
    }

    fn negation(&mut self) -> Expr {
        let start = self.here().start;
        if self.eat(LexemeKind::MINUS) {
            let inner = self.deeper(Self::negation);
            return inner.map_or_else(|| self.no_expr(), |inner| self.node(start, ExprKind::Negate(Box::new(inner))));
        }
        self.eat(LexemeKind::PLUS);
        self.atom()
    }

    /// A literal, a name, a call, `CASE`, `IF`, or an expression in parentheses.
    pub(super) fn atom(&mut self) -> Expr {
        let Some(token) = self.peek() else {
            self.expected("an expression");
            return self.no_expr();
        };
        let kind = match token.kind {
            LexemeKind::Text | LexemeKind::CurlyText => ExprKind::Text(token.value(self.text).into_owned()),
            LexemeKind::QuotedName | LexemeKind::CurlyName => {
                ExprKind::Column { name: token.value(self.text).into_owned(), quoted: true }
            }
            LexemeKind::Whole | LexemeKind::Decimal | LexemeKind::Hex => match number(token.span.of(self.text)) {
                Some(number) => ExprKind::Number(number),
                None => {
                    self.error(Diagnostic::error(SYNTAX, TOO_LARGE, token.span));
                    ExprKind::Error
                }
            },
            LexemeKind::Open => return self.parenthesis(),
            LexemeKind::Word => return self.word(),
            _ => {
                self.expected("an expression");
                return Expr::new(ExprKind::Error, token.span);
            }
        };
        self.position += 1;
        Expr::new(kind, token.span)
    }

    fn parenthesis(&mut self) -> Expr {
        let start = self.here();
        self.position += 1;
        if self.is_word("SELECT") {
            let message = "a query cannot stand for one value";
            let said = Diagnostic::error("aql/scalar-subquery", message, start.to(self.here()));
            self.error(said.with_help("AQL takes a query after FROM and after IN only"));
            return Expr::new(ExprKind::Error, start);
        }
        let inner = self.expr();
        if self.kind() == Some(LexemeKind::Close) {
            self.position += 1;
        } else if !self.silent {
            self.expected("`)`");
            if let Some(last) = self.diagnostics.last_mut() {
                last.labels.push(mynah_syntax::Label { span: start, text: "for this parenthesis".into() });
            }
        }
        // With its parentheses, for fixes; the tree needs no node for them.
        self.node(start.start, inner.kind)
    }

    fn word(&mut self) -> Expr {
        let Some(token) = self.peek() else {
            return self.no_expr();
        };
        let text = token.span.of(self.text);
        if text.eq_ignore_ascii_case("CASE") {
            return self.case();
        }
        if text.eq_ignore_ascii_case("IF") {
            return self.conditional();
        }
        if self.peek_at(1).is_some_and(|next| next.kind == LexemeKind::Open)
            && (!is_reserved(text) || text.eq_ignore_ascii_case("LAST"))
        {
            return self.call(token.span);
        }
        let kind = match text.to_ascii_uppercase().as_str() {
            "NULL" => ExprKind::Null,
            "TRUE" => ExprKind::Boolean(true),
            "FALSE" => ExprKind::Boolean(false),
            _ if is_reserved(text) => {
                self.expected("an expression");
                return Expr::new(ExprKind::Error, token.span);
            }
            _ => ExprKind::Column { name: text.to_owned(), quoted: false },
        };
        self.position += 1;
        Expr::new(kind, token.span)
    }

    fn call(&mut self, name: Span) -> Expr {
        self.position += 2;
        let distinct = self.eat_word("DISTINCT");
        let mut arguments = Vec::new();
        if self.kind() == Some(LexemeKind::STAR) {
            arguments.push(Expr::new(ExprKind::Star, self.here()));
            self.position += 1;
        } else if self.kind() != Some(LexemeKind::Close) {
            arguments = self.list(Self::expr);
        }
        if !self.silent {
            self.expect(LexemeKind::Close, ")");
        }
        if self.silent {
            // The next argument list or clause is no part of this call: end it where its parenthesis closes.
            self.recover(Parser::is_clause);
            self.eat(LexemeKind::Close);
        }
        let kind = ExprKind::Call { name: name.of(self.text).to_owned(), name_at: At(name), distinct, arguments };
        Expr { kind, at: self.since(name.start) }
    }

    fn case(&mut self) -> Expr {
        let start = self.here().start;
        self.position += 1;
        let operand = if self.is_word("WHEN") { None } else { Some(Box::new(self.expr())) };
        let mut branches = Vec::new();
        while !self.silent && self.eat_word("WHEN") {
            let when = self.expr();
            if !self.expect_word("THEN") {
                break;
            }
            let then = self.expr();
            branches.push(Branch { when, then });
        }
        if branches.is_empty() {
            self.expected("`WHEN`");
        }
        let otherwise = if !self.silent && self.eat_word("ELSE") { Some(Box::new(self.expr())) } else { None };
        self.expect_word("END");
        self.node(start, ExprKind::Case { operand, branches, otherwise })
    }

    fn conditional(&mut self) -> Expr {
        let start = self.here().start;
        self.position += 1;
        let condition = Box::new(self.expr());
        self.expect_word("THEN");
        let then = Box::new(self.expr());
        self.expect_word("ELSE");
        let otherwise = Box::new(self.expr());
        self.node(start, ExprKind::If { condition, then, otherwise })
    }
}

/// The number that a token says, unless it is too large; a whole one with a fraction where it does not fit otherwise.
fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(Number::Hex);
    }
    let decimal = || text.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Decimal);
    text.parse().ok().map(Number::Whole).or_else(decimal)
}
