use super::Parser;
use crate::ast::{ArithmeticOp, At, Branch, CompareOp, Expr, ExprKind, InList, MatchOp, Number, is_reserved};
use crate::lexer::{LexemeKind, SYNTAX};
use mynah_syntax::{Diagnostic, Span};

impl Parser<'_> {
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
        if !self.enter() {
            return self.no_expr();
        }
        let expr = self.any_of("OR", Self::and, ExprKind::Or);
        self.depth.leave();
        expr
    }

    pub(super) fn expr_list(&mut self) -> Vec<Expr> {
        let mut all = vec![self.expr()];
        while !self.silent && self.eat(LexemeKind::Comma) {
            all.push(self.expr());
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
        if !self.enter() {
            return self.no_expr();
        }
        self.position += 1;
        let inner = self.not();
        self.depth.leave();
        self.node(start, ExprKind::Not(Box::new(inner)))
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
            self.eat(LexemeKind::Equal);
            let words = Box::new(self.atom());
            return self.node(start, ExprKind::TextSearch(words));
        }
        let mut left = self.sum();
        // One predicate may stand on another (`x LIKE 'a' = TRUE`); each step counts as a level.
        let mut entered = 0;
        while !self.silent {
            if entered > 0 && !self.enter() {
                break;
            }
            match self.predicate_after(left, start) {
                Ok(longer) => left = longer,
                Err(same) => {
                    left = same;
                    if entered > 0 {
                        self.depth.leave();
                    }
                    break;
                }
            }
            if entered == 0 && !self.enter() {
                break;
            }
            entered += 1;
        }
        for _ in 0..entered {
            self.depth.leave();
        }
        left
    }

    /// The predicate that `left` begins; `left` itself as an error where there is none.
    fn predicate_after(&mut self, left: Expr, start: usize) -> Result<Expr, Expr> {
        let compare = match self.kind() {
            Some(LexemeKind::Equal) => Some(CompareOp::Equal),
            Some(LexemeKind::NotEqual) => Some(CompareOp::NotEqual),
            Some(LexemeKind::Less) => Some(CompareOp::Less),
            Some(LexemeKind::LessEqual) => Some(CompareOp::LessEqual),
            Some(LexemeKind::Greater) => Some(CompareOp::Greater),
            Some(LexemeKind::GreaterEqual) => Some(CompareOp::GreaterEqual),
            _ => None,
        };
        if let Some(op) = compare {
            self.position += 1;
            let right = Box::new(self.sum());
            return Ok(self.node(start, ExprKind::Compare(Box::new(left), op, right)));
        }
        if self.eat_word("IS") {
            let negated = self.eat_word("NOT");
            self.expect_word("NULL");
            return Ok(self.node(start, ExprKind::IsNull { value: Box::new(left), negated }));
        }
        let ahead = usize::from(self.is_word("NOT"));
        let negated = ahead == 1;
        let op = [MatchOp::Like, MatchOp::Ilike, MatchOp::Matches, MatchOp::Imatches]
            .into_iter()
            .find(|op| self.is_word_at(ahead, op.word()));
        if let Some(op) = op {
            self.position += ahead + 1;
            let pattern = Box::new(self.sum());
            return Ok(self.node(start, ExprKind::Match { value: Box::new(left), op, negated, pattern }));
        }
        if self.is_word_at(ahead, "BETWEEN") {
            self.position += ahead + 1;
            let low = Box::new(self.sum());
            self.expect_word("AND");
            let high = Box::new(self.sum());
            return Ok(self.node(start, ExprKind::Between { value: Box::new(left), negated, low, high }));
        }
        if self.is_word_at(ahead, "IN") {
            self.position += ahead + 1;
            let list = self.in_list();
            return Ok(self.node(start, ExprKind::In { value: Box::new(left), negated, list }));
        }
        Err(left)
    }

    fn in_list(&mut self) -> InList {
        if !self.expect(LexemeKind::Open, "(") {
            return InList::Values(Vec::new());
        }
        let list = if self.is_word("SELECT") {
            if self.enter() {
                let query = self.query();
                self.depth.leave();
                InList::Query(Box::new(query))
            } else {
                InList::Values(Vec::new())
            }
        } else {
            InList::Values(self.expr_list())
        };
        self.expect(LexemeKind::Close, ")");
        list
    }

    pub(super) fn sum(&mut self) -> Expr {
        self.arithmetic(1)
    }

    /// Operators that bind at least as tightly as `least`, to the left.
    fn arithmetic(&mut self, least: u8) -> Expr {
        let start = self.here().start;
        let mut left = self.negation();
        let mut entered = 0;
        while !self.silent {
            let op = match self.kind() {
                Some(LexemeKind::Plus) => ArithmeticOp::Add,
                Some(LexemeKind::Minus) => ArithmeticOp::Subtract,
                Some(LexemeKind::Star) => ArithmeticOp::Multiply,
                Some(LexemeKind::Slash) => ArithmeticOp::Divide,
                Some(LexemeKind::Percent) => ArithmeticOp::Modulo,
                Some(LexemeKind::Caret) => ArithmeticOp::Power,
                Some(LexemeKind::And) => ArithmeticOp::BitAnd,
                Some(LexemeKind::Or) => ArithmeticOp::BitOr,
                Some(LexemeKind::Concat) => {
                    let span = self.here();
                    self.error(
                        Diagnostic::error("aql/concat-operator", "AQL has no operator `||`", span)
                            .with_help("join texts with CONCAT(a, b)"),
                    );
                    break;
                }
                _ => break,
            };
            if op.strength() < least || !self.enter() {
                break;
            }
            entered += 1;
            self.position += 1;
            let right = self.arithmetic(op.strength() + 1);
            left = self.node(start, ExprKind::Arithmetic(Box::new(left), op, Box::new(right)));
        }
        for _ in 0..entered {
            self.depth.leave();
        }
        left
    }

    fn negation(&mut self) -> Expr {
        let start = self.here().start;
        if self.eat(LexemeKind::Minus) {
            if !self.enter() {
                return self.no_expr();
            }
            let inner = self.negation();
            self.depth.leave();
            return self.node(start, ExprKind::Negate(Box::new(inner)));
        }
        self.eat(LexemeKind::Plus);
        self.atom()
    }

    /// A literal, a name, a call, `CASE`, `IF`, or an expression in parentheses.
    pub(super) fn atom(&mut self) -> Expr {
        let Some(token) = self.peek() else {
            self.expected("an expression");
            return self.no_expr();
        };
        let text = token.span.of(self.text);
        let kind = match token.kind {
            LexemeKind::Text | LexemeKind::CurlyText => ExprKind::Text(token.value(self.text).into_owned()),
            LexemeKind::QuotedName | LexemeKind::CurlyName => {
                ExprKind::Column { name: token.value(self.text).into_owned(), quoted: true }
            }
            LexemeKind::Whole => match text.parse() {
                Ok(number) => ExprKind::Number(Number::Whole(number)),
                Err(_) => self.decimal(token.span),
            },
            LexemeKind::Decimal => self.decimal(token.span),
            LexemeKind::Hex => match i64::from_str_radix(text.get(2..).unwrap_or(""), 16) {
                Ok(number) => ExprKind::Number(Number::Hex(number)),
                Err(_) => {
                    self.error(Diagnostic::error(SYNTAX, "this number is too large", token.span));
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

    fn decimal(&mut self, span: Span) -> ExprKind {
        match span.of(self.text).parse::<f64>() {
            Ok(number) if number.is_finite() => ExprKind::Number(Number::Decimal(number)),
            _ => {
                self.error(Diagnostic::error(SYNTAX, "this number is too large", span));
                ExprKind::Error
            }
        }
    }

    fn parenthesis(&mut self) -> Expr {
        let start = self.here();
        self.position += 1;
        if self.is_word("SELECT") {
            self.error(
                Diagnostic::error("aql/scalar-subquery", "a query cannot stand for one value", start.to(self.here()))
                    .with_help("AQL takes a query after FROM and after IN only"),
            );
            return Expr::new(ExprKind::Error, start);
        }
        let inner = self.expr();
        if self.kind() == Some(LexemeKind::Close) {
            self.position += 1;
        } else if !self.silent {
            let label = start;
            self.expected("`)`");
            if let Some(last) = self.diagnostics.last_mut() {
                last.labels.push(mynah_syntax::Label { span: label, text: "for this parenthesis".into() });
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
        if self.kind() == Some(LexemeKind::Star) {
            arguments.push(Expr::new(ExprKind::Star, self.here()));
            self.position += 1;
        } else if self.kind() != Some(LexemeKind::Close) {
            arguments = self.expr_list();
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
