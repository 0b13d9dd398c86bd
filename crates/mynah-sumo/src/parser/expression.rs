//! Field expressions, from the loosest operator to the tightest: `?:`, or, and, not, comparisons, sums,
//! products, signs.
use super::{Parsed, Parser, one_or};
use crate::ast::{BinaryOperator, Expression, Name, Pattern, Place, number_value};
use crate::lexer::TokenKind;
use mynah_syntax::Diagnostic;

/// Words that cannot be the name of a field.
const KEYWORDS: [&str; 8] = ["and", "or", "not", "in", "matches", "as", "by", "contains"];

impl Parser<'_> {
    /// A whole expression.
    pub fn expression(&mut self) -> Parsed<Expression> {
        let before = self.depth;
        let expression = self.choice();
        // Long chains of operators went deeper without coming back; see `joined`.
        self.depth = before;
        let expression = expression?;
        if expression.depth() > MAX_TREE {
            return Err(Diagnostic::error("syntax/too-deep", "this expression is nested too deep", expression.span()));
        }
        Ok(expression)
    }

    fn choice(&mut self) -> Parsed<Expression> {
        self.deeper(|p| {
            let condition = p.or()?;
            if !p.eat_symbol("?") {
                return Ok(condition);
            }
            let then = p.choice()?;
            p.expect_symbol(":")?;
            let otherwise = p.choice()?;
            Ok(Expression::Choice(condition.into(), then.into(), otherwise.into()))
        })
    }

    fn or(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.and()?];
        while self.eat_word("or") || self.eat_symbol("||") {
            parts.push(self.and()?);
        }
        Ok(one_or(parts, Expression::Or))
    }

    fn and(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.not()?];
        while self.eat_word("and") || self.eat_symbol("&&") {
            parts.push(self.not()?);
        }
        Ok(one_or(parts, Expression::And))
    }

    /// `left operator right`. The second and later operators in a row each make the tree one level deeper,
    /// which counts as nesting until the whole expression ends.
    fn joined(
        &mut self,
        operator: BinaryOperator,
        left: Expression,
        right: fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Expression> {
        if matches!(left, Expression::Binary(..)) {
            self.depth.enter(self.peek().span)?;
        }
        let right = right(self)?;
        Ok(Expression::Binary(operator, left.into(), right.into()))
    }

    fn not(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        if token.is("!") || (token.is_word("not") && !self.peek_second().is("=")) {
            self.bump();
            let part = self.deeper(Self::not)?;
            let place = Place(token.span.to(part.span()));
            return Ok(Expression::Not(part.into(), place));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let mut left = self.sum()?;
        loop {
            let token = self.peek();
            let comparison = BinaryOperator::comparison(token.text).filter(|_| token.kind == TokenKind::Symbol);
            let operator = match comparison {
                Some(operator) => operator,
                None if token.is_word("contains") => BinaryOperator::Contains,
                None if token.is_word("matches") => {
                    self.bump();
                    let pattern = match self.regex()? {
                        Some(regex) => Pattern::Regex(regex),
                        None => Pattern::Wildcards(self.sum()?.into()),
                    };
                    left = Expression::Matches(left.into(), pattern);
                    continue;
                }
                None if token.is_word("in") && self.peek_second().is("(") => {
                    self.bump();
                    left = self.in_list(left, false)?;
                    continue;
                }
                None if token.is_word("not") && self.peek_second().is_word("in") => {
                    self.bump();
                    self.bump();
                    left = self.in_list(left, true)?;
                    continue;
                }
                None => return Ok(left),
            };
            self.bump();
            left = self.joined(operator, left, Self::sum)?;
        }
    }

    fn in_list(&mut self, value: Expression, negated: bool) -> Parsed<Expression> {
        self.expect_symbol("(")?;
        let list = self.arguments()?;
        let span = value.span().to(self.since(value.span().start));
        Ok(Expression::In(value.into(), negated, list, Place(span)))
    }

    /// Expressions with commas between them, up to the closing parenthesis, which is taken.
    pub fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.eat_symbol(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(match self.regex()? {
                Some(regex) => Expression::Regex(regex),
                None => self.choice()?,
            });
            if self.eat_symbol(")") {
                return Ok(arguments);
            }
            if !self.eat_symbol(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn sum(&mut self) -> Parsed<Expression> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                token if token.is("+") => BinaryOperator::Add,
                token if token.is("-") => BinaryOperator::Subtract,
                _ => return Ok(left),
            };
            self.bump();
            left = self.joined(operator, left, Self::product)?;
        }
    }

    fn product(&mut self) -> Parsed<Expression> {
        let mut left = self.sign()?;
        loop {
            let operator = match self.peek() {
                token if token.is("*") => BinaryOperator::Multiply,
                token if token.is("/") => BinaryOperator::Divide,
                token if token.is("%") => BinaryOperator::Remainder,
                _ => return Ok(left),
            };
            self.bump();
            left = self.joined(operator, left, Self::sign)?;
        }
    }

    fn sign(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        if token.is("-") || token.is("+") {
            self.bump();
            let part = self.deeper(Self::sign)?;
            if token.is("+") {
                return Ok(part);
            }
            let place = Place(token.span.to(part.span()));
            return Ok(Expression::Negative(part.into(), place));
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        let place = Place(token.span);
        match token.kind {
            TokenKind::Text => Ok(Expression::Text(self.text()?)),
            TokenKind::Number => {
                self.bump();
                if number_value(token.text).is_none() {
                    // `4xx` and the like can only be the name of a field.
                    return Ok(Expression::Field(Name { text: token.text.to_owned(), quoted: true, place }));
                }
                Ok(Expression::Number(token.text.to_owned(), place))
            }
            TokenKind::Parameter => {
                self.bump();
                let name = token.text.trim_start_matches("{{").trim_end_matches("}}").to_owned();
                Ok(Expression::Parameter(name, place))
            }
            TokenKind::Symbol if token.text == "(" => {
                self.bump();
                let inner = self.choice()?;
                self.expect_symbol(")")?;
                Ok(inner)
            }
            TokenKind::Symbol if token.text == "[" && self.peek_second().is_word("subquery") => {
                Err(Diagnostic::error("sumo/unsupported", "a `[subquery: …]` is not supported", token.span))
            }
            TokenKind::Symbol if token.text == "%" => Ok(Expression::Field(self.name()?)),
            TokenKind::Quoted => Ok(Expression::Field(self.name()?)),
            TokenKind::Word if token.is_word("true") || token.is_word("false") => {
                self.bump();
                Ok(Expression::Boolean(token.is_word("true"), place))
            }
            TokenKind::Word if token.is_word("null") => {
                self.bump();
                Ok(Expression::Null(place))
            }
            TokenKind::Word
                if self.peek_second().is("(")
                    && (token.is_word("contains") || !KEYWORDS.iter().any(|word| token.is_word(word))) =>
            {
                let name = self.name()?;
                self.expect_symbol("(")?;
                let arguments = self.deeper(Self::arguments)?;
                let place = Place(self.since(token.span.start));
                Ok(Expression::Call(name, arguments, place))
            }
            TokenKind::Word if !KEYWORDS.iter().any(|word| token.is_word(word)) => Ok(Expression::Field(self.name()?)),
            _ => Err(self.unexpected("an expression")),
        }
    }
}

/// How deep the tree of an expression may be: every level of brackets can hold a few levels of operators.
const MAX_TREE: usize = 500;
