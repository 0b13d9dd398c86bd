//! Conditions, from the loosest operator to the tightest: `or`, `and`, `not`, comparisons, sums, products, signs.
use super::cursor::Cursor;
use super::{Reported, operand};
use crate::ast::{Arithmetic, Comparison, Expr, ExprKind, In, Place};
use crate::lexer::{Symbol, Token, syntax};
use mynah_syntax::{Diagnostic, Span};

/// A whole condition.
pub(super) fn condition(cursor: &mut Cursor) -> Result<Expr, Reported> {
    cursor.deeper(|cursor| {
        chain(cursor, "or", |cursor| chain(cursor, "and", |cursor| Ok(part(cursor)), ExprKind::And), ExprKind::Or)
    })
}

/// So many conditions can be joined by one word: what follows them by recursion has a stack that ends.
const MOST_JOINED: usize = 10_000;

/// `part (keyword part)*`.
fn chain(
    cursor: &mut Cursor,
    keyword: &'static str,
    mut part: impl FnMut(&mut Cursor) -> Result<Expr, Reported>,
    build: impl FnOnce(Vec<Expr>) -> ExprKind,
) -> Result<Expr, Reported> {
    let first = part(cursor)?;
    if !cursor.is_word(keyword) {
        return Ok(first);
    }
    let start = first.span();
    let mut parts = vec![first];
    while cursor.eat_word(keyword) {
        parts.push(part(cursor)?);
    }
    let place = Place(start.to(cursor.previous()));
    if parts.len() > MOST_JOINED {
        let message = format!("more than {MOST_JOINED} conditions are joined by `{keyword}`");
        return Err(cursor.report(syntax(message, place.0).with_help("put values of one field into a list: `in (…)`")));
    }
    Ok(Expr { kind: build(parts), place })
}

/// One part of a chain; a broken one is skipped, for the sake of what else may be wrong.
fn part(cursor: &mut Cursor) -> Expr {
    let start = cursor.span();
    negation(cursor).unwrap_or_else(|Reported| {
        cursor.skip_operand();
        Expr { kind: ExprKind::Null, place: Place(start) }
    })
}

/// `not condition`.
fn negation(cursor: &mut Cursor) -> Result<Expr, Reported> {
    if !is_not(cursor) {
        return comparison(cursor);
    }
    let start = cursor.span();
    cursor.eat_word("not");
    let inner = cursor.deeper(negation)?;
    let place = Place(start.to(inner.span()));
    Ok(Expr { kind: ExprKind::Not(Box::new(inner)), place })
}

/// Whether `not` comes next. In capitals it could be a field, unless something follows that can be negated.
fn is_not(cursor: &Cursor) -> bool {
    match cursor.peek() {
        Token::Word(word) if word == "not" => true,
        Token::Word(word) if word.eq_ignore_ascii_case("not") => matches!(
            cursor.peek_at(1),
            Token::Word(_)
                | Token::TildeWord(_)
                | Token::Quoted(_)
                | Token::Symbol(Symbol::OpenParenthesis | Symbol::Optional)
        ),
        _ => false,
    }
}

/// `sum`, or `sum == sum`.
fn comparison(cursor: &mut Cursor) -> Result<Expr, Reported> {
    if let (Token::Word(_), Token::Word(of), Token::Symbol(Symbol::OpenBracket)) =
        (cursor.peek(), cursor.peek_at(1), cursor.peek_at(2))
        && of == "of"
    {
        let message = "Elastic's EQL knows no relationships between processes";
        let unsupported = Diagnostic::error("eql/unsupported", message, cursor.span());
        return Err(cursor.report(unsupported));
    }
    let left = sum(cursor)?;
    let Some(operator) = comparison_operator(cursor) else { return Ok(left) };
    let start = left.span();
    if let Some(listed) = equality_with_list(cursor, &left, operator)? {
        return Ok(listed);
    }
    let right = sum(cursor)?;
    let place = Place(start.to(right.span()));
    if comparison_of(cursor.peek()).is_some() {
        let chained = syntax("comparisons cannot be chained", start.to(cursor.span()));
        return Err(cursor.report(chained.with_help("write `a < b and b < c` for `a < b < c`")));
    }
    Ok(Expr { kind: ExprKind::Compare(Box::new(left), operator, Box::new(right)), place })
}

fn comparison_of(token: &Token) -> Option<Comparison> {
    match token {
        Token::Symbol(Symbol::Assign) => Some(Comparison::Equal),
        Token::Symbol(symbol) => Comparison::parse(symbol.text()),
        _ => None,
    }
}

fn comparison_operator(cursor: &mut Cursor) -> Option<Comparison> {
    let operator = comparison_of(cursor.peek())?;
    if cursor.is(Symbol::Assign) {
        let span = cursor.span();
        let refused = Diagnostic::warning("eql/single-equals", "Elastic refuses `=` as a comparison", span);
        cursor.report(refused.with_fix(span, "==", "write `==`, or `:` to leave case aside"));
    }
    cursor.advance();
    Some(operator)
}

/// `value == ("a", "b")`, which Elastic refuses and which can only mean `in`.
fn equality_with_list(cursor: &mut Cursor, left: &Expr, operator: Comparison) -> Result<Option<Expr>, Reported> {
    let negated = match operator {
        Comparison::Equal => false,
        Comparison::NotEqual => true,
        _ => return Ok(None),
    };
    let written = cursor.previous();
    let constant = matches!(cursor.peek_at(1), Token::Text(_) | Token::Integer(_) | Token::Float(_));
    if !cursor.is(Symbol::OpenParenthesis) || !constant || *cursor.peek_at(2) != Token::Symbol(Symbol::Comma) {
        return Ok(None);
    }
    let list = operand::list(cursor)?;
    let replacement = if negated { "not in" } else { "in" };
    let message = format!("Elastic refuses a list behind `{}`", operator.text());
    let refused = Diagnostic::warning("eql/list-equality", message, written);
    cursor.report(refused.with_fix(written, replacement, format!("write `{replacement}`")));
    let place = Place(left.span().to(cursor.previous()));
    Ok(Some(Expr { kind: ExprKind::In(In { value: Box::new(left.clone()), negated, folded: false, list }), place }))
}

/// `product + product - …`.
fn sum(cursor: &mut Cursor) -> Result<Expr, Reported> {
    arithmetic(cursor, product, true)
}

/// `signed * signed / …`.
fn product(cursor: &mut Cursor) -> Result<Expr, Reported> {
    arithmetic(cursor, signed, false)
}

/// A chain of operators of one rank. Each makes the tree one level deeper, so each counts as a level.
fn arithmetic(
    cursor: &mut Cursor,
    tighter: fn(&mut Cursor) -> Result<Expr, Reported>,
    is_sum: bool,
) -> Result<Expr, Reported> {
    let mut left = tighter(cursor)?;
    let before = cursor.depth;
    while let Token::Symbol(symbol) = cursor.peek()
        && let Some(operator) = Arithmetic::parse(symbol.text()).filter(|operator| operator.is_sum() == is_sum)
    {
        let span = cursor.span();
        if let Err(diagnostic) = cursor.depth.enter(span) {
            return Err(cursor.report(diagnostic));
        }
        cursor.advance();
        let right = tighter(cursor)?;
        let place = Place(left.span().to(right.span()));
        left = Expr { kind: ExprKind::Arithmetic(Box::new(left), operator, Box::new(right)), place };
    }
    cursor.depth = before;
    Ok(left)
}

/// `-operand`, `+operand`.
fn signed(cursor: &mut Cursor) -> Result<Expr, Reported> {
    let start = cursor.span();
    if cursor.eat(Symbol::Plus) {
        return cursor.deeper(signed);
    }
    if !cursor.eat(Symbol::Minus) {
        return operand::predicate(cursor);
    }
    let inner = cursor.deeper(signed)?;
    Ok(negative(inner, start))
}

fn negative(inner: Expr, start: Span) -> Expr {
    let place = Place(start.to(inner.span()));
    let kind = match inner.kind {
        ExprKind::Integer(number) if number >= 0 => ExprKind::Integer(-number),
        ExprKind::Float(number) if !number.is_sign_negative() => ExprKind::Float(-number),
        _ => ExprKind::Negative(Box::new(inner)),
    };
    Expr { kind, place }
}
