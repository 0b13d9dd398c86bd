//! Field expressions, from the loosest operator to the tightest: `?:`, or, and, not, comparisons, sums,
//! products, signs.
use super::{Parsed, Parser, one_or};
use crate::ast::{BinaryOperator, Expression, Place, Text, number_value};
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
            if !p.eat("?") {
                return Ok(condition);
            }
            let then = p.choice()?;
            p.expect(":")?;
            let otherwise = p.choice()?;
            Ok(Expression::Choice(condition.into(), then.into(), otherwise.into()))
        })
    }

    fn or(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.and()?];
        while self.eat("or") || self.eat("||") {
            parts.push(self.and()?);
        }
        Ok(one_or(parts, Expression::Or))
    }

    fn and(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.not()?];
        while self.eat("and") || self.eat("&&") {
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
        if token.is("!") || (token.is("not") && !self.peek_second().is("=")) {
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
                None if token.is("contains") => BinaryOperator::Contains,
                None if token.is("matches") => BinaryOperator::Matches,
                None if token.is("in") && self.peek_second().is("(") => {
                    self.bump();
                    left = self.in_list(left, false)?;
                    continue;
                }
                None if token.is("not") && self.peek_second().is("in") => {
                    self.bump();
                    self.bump();
                    left = self.in_list(left, true)?;
                    continue;
                }
                // A dashboard's parameter that holds the operator as well: `duration {{duration}}`.
                None if token.kind == TokenKind::Parameter && !matches!(left, Expression::Templated(..)) => {
                    self.bump();
                    let name = token.text.trim_start_matches("{{").trim_end_matches("}}").to_owned();
                    left = Expression::Templated(left.into(), name, Place(token.span));
                    continue;
                }
                None => return Ok(left),
            };
            self.bump();
            left = match operator {
                BinaryOperator::Matches => self.joined(operator, left, |p| p.regex_or(Self::sum))?,
                _ => self.joined(operator, left, Self::sum)?,
            };
        }
    }

    /// A regular expression, or else an expression of this kind.
    fn regex_or(&mut self, other: fn(&mut Self) -> Parsed<Expression>) -> Parsed<Expression> {
        self.regex()?.map_or_else(|| other(self), |regex| Ok(Expression::Regex(regex)))
    }

    fn in_list(&mut self, value: Expression, negated: bool) -> Parsed<Expression> {
        self.expect("(")?;
        let list = self.arguments()?;
        let span = value.span().to(self.since(value.span().start));
        Ok(Expression::In(value.into(), negated, list, Place(span)))
    }

    /// The arguments of `lookupContains`: a table's address, which is no text, and conditions.
    fn lookup_arguments(&mut self) -> Parsed<Vec<Expression>> {
        let (path, span) = self.address(&[',', ')'])?;
        let path = path.trim().trim_start_matches("path://").trim_matches(['"', '”', '“']).to_owned();
        let mut all = vec![Expression::Text(Text { raw: path, place: Place(span) })];
        if self.eat(",") {
            all.extend(self.deeper(Self::arguments)?);
        } else {
            self.expect(")")?;
        }
        Ok(all)
    }

    /// Expressions with commas between them, up to the closing parenthesis, which is taken.
    pub fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.eat(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.regex_or(Self::choice)?);
            if self.eat(")") {
                return Ok(arguments);
            }
            if !self.eat(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn sum(&mut self) -> Parsed<Expression> {
        self.chain(&[BinaryOperator::Add, BinaryOperator::Subtract], Self::product)
    }

    fn product(&mut self) -> Parsed<Expression> {
        self.chain(&[BinaryOperator::Multiply, BinaryOperator::Divide, BinaryOperator::Remainder], Self::sign)
    }

    /// Parts with any of these operators between them.
    fn chain(&mut self, operators: &[BinaryOperator], part: fn(&mut Self) -> Parsed<Expression>) -> Parsed<Expression> {
        let mut left = part(self)?;
        while let Some(operator) = operators.iter().find(|operator| self.at(operator.symbol())) {
            self.bump();
            left = self.joined(*operator, left, part)?;
        }
        Ok(left)
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
        let is_keyword = KEYWORDS.iter().any(|word| token.is(word));
        let simple = match token.kind {
            TokenKind::Text => return Ok(Expression::Text(self.text()?)),
            // `4xx` and the like can only be the name of a field.
            TokenKind::Number if number_value(token.text).is_none() => return Ok(Expression::Field(self.name()?)),
            TokenKind::Number => Expression::Number(token.text.to_owned(), place),
            TokenKind::Parameter => {
                let name = token.text.trim_start_matches("{{").trim_end_matches("}}").to_owned();
                Expression::Parameter(name, place)
            }
            TokenKind::Symbol if token.text == "(" => {
                self.bump();
                let inner = self.choice()?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol if self.at_subquery() => {
                return Ok(Expression::Subquery(self.deeper(Self::subquery)?.into()));
            }
            TokenKind::Word if token.is("true") || token.is("false") => Expression::Boolean(token.is("true"), place),
            TokenKind::Word if token.is("null") => Expression::Null(place),
            TokenKind::Word if self.peek_second().is("(") && (token.is("contains") || !is_keyword) => {
                let name = self.name()?;
                self.expect("(")?;
                let arguments = match name.text.eq_ignore_ascii_case("lookupContains") && !self.at_text() {
                    true => self.lookup_arguments()?,
                    false => self.deeper(Self::arguments)?,
                };
                let place = Place(self.since(token.span.start));
                return Ok(Expression::Call(name, arguments, place));
            }
            TokenKind::Word if !is_keyword => return Ok(Expression::Field(self.name()?)),
            TokenKind::Quoted => return Ok(Expression::Field(self.name()?)),
            TokenKind::Symbol if token.text == "%" => return Ok(Expression::Field(self.name()?)),
            _ => return Err(self.unexpected("an expression")),
        };
        self.bump();
        Ok(simple)
    }
}

/// How deep the tree of an expression may be: every level of brackets can hold a few levels of operators.
const MAX_TREE: usize = 500;
