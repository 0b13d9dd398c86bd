//! What operators stand between: constants, fields, calls, groups; and the predicates `in`, `:`, `like`, `regex` behind them.
use super::cursor::Cursor;
use super::{Reported, expression, is_keyword};
use crate::ast::{Call, Expr, ExprKind, Field, In, Match, Matching, Place};
use crate::lexer::{Symbol, Token, syntax};
use mynah_syntax::{Diagnostic, Span};

/// An operand with the predicate behind it, if there is one.
pub(super) fn predicate(cursor: &mut Cursor) -> Result<Expr, Reported> {
    let value = operand(cursor)?;
    let start = value.span();
    let not_place = cursor.span();
    let negated = cursor.is_word("not") && is_predicate(cursor.peek_at(1));
    if negated {
        cursor.eat_word("not");
    }
    let place = cursor.span();
    if let Some(folded) = eat_in(cursor) {
        let list = list(cursor)?;
        let place = Place(start.to(cursor.previous()));
        return Ok(Expr { kind: ExprKind::In(In { value: Box::new(value), negated, folded, list }), place });
    }
    let Some(operator) = eat_matching(cursor) else { return Ok(value) };
    let listed = cursor.is(Symbol::OpenParenthesis);
    let patterns = if listed { list(cursor)? } else { vec![constant(cursor, operator)?] };
    let whole = Place(start.to(cursor.previous()));
    for pattern in patterns.iter().filter(|pattern| !pattern.is_constant()) {
        let message = format!("behind `{}` there are constants only", operator.text());
        cursor.report(syntax(message, pattern.span()));
    }
    let (value, operator_place) = (Box::new(value), Place(place));
    let kind = ExprKind::Match(Match { value, operator, operator_place, patterns, listed });
    let matched = Expr { kind, place: whole };
    if !negated {
        return Ok(matched);
    }
    let message = format!("Elastic refuses `not` right before `{}`", operator.text());
    let refused = Diagnostic::warning("eql/not-before-operator", message, not_place);
    cursor.report(refused.with_help("write `not` before the whole comparison"));
    Ok(Expr { kind: ExprKind::Not(Box::new(matched)), place: whole })
}

fn is_predicate(token: &Token) -> bool {
    match token {
        Token::Word(word) | Token::TildeWord(word) => {
            ["in", "like", "regex"].iter().any(|known| word.eq_ignore_ascii_case(known))
        }
        Token::Symbol(Symbol::Colon) => true,
        _ => false,
    }
}

/// `in` or `in~`: whether case is left aside.
fn eat_in(cursor: &mut Cursor) -> Option<bool> {
    if let Token::TildeWord(word) = cursor.peek()
        && word.eq_ignore_ascii_case("in")
    {
        cursor.advance();
        return Some(true);
    }
    cursor.eat_word("in").then_some(false)
}

fn eat_matching(cursor: &mut Cursor) -> Option<Matching> {
    if cursor.eat(Symbol::Colon) {
        return Some(Matching::Colon);
    }
    if let Token::TildeWord(word) = cursor.peek() {
        let operator = match word.to_ascii_lowercase().as_str() {
            "like" => Matching::LikeFolded,
            "regex" => Matching::RegexFolded,
            _ => return None,
        };
        cursor.advance();
        return Some(operator);
    }
    if cursor.eat_word("like") {
        return Some(Matching::Like);
    }
    cursor.eat_word("regex").then_some(Matching::Regex)
}

/// A constant behind `:` and its like.
fn constant(cursor: &mut Cursor, operator: Matching) -> Result<Expr, Reported> {
    let wanted = format!("a string or a list of strings behind `{}`", operator.text());
    match cursor.peek() {
        Token::Text(_) | Token::Integer(_) | Token::Float(_) | Token::Symbol(Symbol::Minus) => {}
        Token::Word(word) if matches!(word.to_ascii_lowercase().as_str(), "true" | "false" | "null") => {}
        Token::Word(_) | Token::Quoted(_) => {
            let (span, found) = (cursor.span(), cursor.peek().describe());
            let message = format!("expected {wanted}, found {found}");
            let replacement = crate::ast::quote(found.trim_matches('`'));
            return Err(cursor.report(syntax(message, span).with_fix(
                span,
                replacement,
                "text stands in double quotes",
            )));
        }
        _ => return Err(cursor.expected(&wanted)),
    }
    let start = cursor.span();
    let minus = cursor.eat(Symbol::Minus);
    let inner = operand(cursor)?;
    let place = Place(start.to(inner.span()));
    Ok(match inner.kind {
        ExprKind::Integer(number) if minus => Expr { kind: ExprKind::Integer(-number), place },
        ExprKind::Float(number) if minus => Expr { kind: ExprKind::Float(-number), place },
        _ => inner,
    })
}

/// `(expression, …)`, one or more.
pub(super) fn list(cursor: &mut Cursor) -> Result<Vec<Expr>, Reported> {
    let opened = cursor.span();
    if !cursor.eat(Symbol::OpenParenthesis) {
        return Err(cursor.expected("a list in parentheses"));
    }
    if cursor.is(Symbol::CloseParenthesis) {
        let span = opened.to(cursor.span());
        return Err(cursor.report(syntax("this list is empty", span)));
    }
    expressions(cursor, opened)
}

/// `expression, … )`, the parenthesis included.
fn expressions(cursor: &mut Cursor, opened: Span) -> Result<Vec<Expr>, Reported> {
    let mut expressions = Vec::new();
    loop {
        // A comma behind the last one is a slip of the pen, and said to be one.
        if cursor.is(Symbol::CloseParenthesis) && !expressions.is_empty() {
            let span = cursor.previous();
            cursor.report(syntax("nothing follows this comma", span).with_fix(span, "", "leave the comma out"));
            cursor.advance();
            return Ok(expressions);
        }
        expressions.push(expression::condition(cursor)?);
        if cursor.eat(Symbol::Comma) {
            continue;
        }
        if !matches!(cursor.peek(), Token::Text(_) | Token::Integer(_) | Token::Float(_)) {
            cursor.close(Symbol::CloseParenthesis, opened)?;
            return Ok(expressions);
        }
        let missing = syntax("expected `,` between the parts of a list", Span::at(cursor.previous().end));
        let span = missing.span;
        cursor.report(missing.with_fix(span, ",", "add a comma"));
    }
}

/// A constant, field, call or group.
pub(super) fn operand(cursor: &mut Cursor) -> Result<Expr, Reported> {
    let start = cursor.span();
    let kind = match cursor.peek().clone() {
        Token::Integer(number) => ExprKind::Integer(number),
        Token::Float(number) => ExprKind::Float(number),
        Token::Text(text) => ExprKind::Text(text),
        Token::Symbol(Symbol::OpenParenthesis) => return group(cursor),
        Token::Symbol(Symbol::Optional) => {
            cursor.advance();
            return field(cursor, start, true);
        }
        Token::Quoted(_) => return field(cursor, start, false),
        Token::TildeWord(name) if *cursor.peek_at(1) == Token::Symbol(Symbol::OpenParenthesis) => {
            return call(cursor, name, true);
        }
        Token::Word(word) => {
            let behind = cursor.peek_at(1).clone();
            if behind == Token::Symbol(Symbol::OpenParenthesis) && !is_keyword(&word) {
                return call(cursor, word, false);
            }
            let constants =
                [("null", ExprKind::Null), ("true", ExprKind::Boolean(true)), ("false", ExprKind::Boolean(false))];
            let constant = constants.into_iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
            if let Some((written, kind)) = constant.filter(|_| behind != Token::Symbol(Symbol::Dot)) {
                cursor.eat_word(written);
                return Ok(Expr { kind, place: Place(start) });
            }
            if is_keyword(&word) {
                return Err(cursor.expected("a value or a field"));
            }
            return field(cursor, start, false);
        }
        _ => return Err(cursor.expected("a value or a field")),
    };
    cursor.advance();
    Ok(Expr { kind, place: Place(start) })
}

fn group(cursor: &mut Cursor) -> Result<Expr, Reported> {
    let opened = cursor.span();
    cursor.advance();
    let inner = expression::condition(cursor)?;
    cursor.close(Symbol::CloseParenthesis, opened)?;
    Ok(Expr { kind: inner.kind, place: Place(opened.to(cursor.previous())) })
}

fn call(cursor: &mut Cursor, name: String, folded: bool) -> Result<Expr, Reported> {
    let name_place = cursor.span();
    cursor.advance();
    let opened = cursor.span();
    cursor.advance();
    let arguments = if cursor.eat(Symbol::CloseParenthesis) { Vec::new() } else { expressions(cursor, opened)? };
    let place = Place(name_place.to(cursor.previous()));
    Ok(Expr { kind: ExprKind::Call(Call { name, folded, name_place: Place(name_place), arguments }), place })
}

/// `name.name.…`; the `?` before it has been taken.
fn field(cursor: &mut Cursor, start: Span, optional: bool) -> Result<Expr, Reported> {
    let mut name = String::new();
    loop {
        match cursor.peek().clone() {
            // Behind a dot a keyword can be nothing but a part of the name.
            Token::Word(word) if !name.is_empty() || !is_keyword(&word) => name.push_str(&word),
            Token::Quoted(word) => name.push_str(&word),
            _ => return Err(cursor.expected("the name of a field")),
        }
        cursor.advance();
        if cursor.is(Symbol::OpenBracket) && matches!(cursor.peek_at(1), Token::Integer(_)) {
            let message = "Elastic's EQL cannot pick one value of a field that has several";
            let unsupported = Diagnostic::error("eql/unsupported", message, cursor.span());
            return Err(cursor.report(unsupported.with_help("a condition holds if it holds for any of the values")));
        }
        if matches!(cursor.peek(), Token::Float(_)) && cursor.span().start == cursor.previous().end {
            let message = "a part of a name that begins with a digit stands in backticks";
            let diagnostic = syntax(message, cursor.span());
            return Err(cursor.report(diagnostic.with_help("write a.`0`.b")));
        }
        if !cursor.eat(Symbol::Dot) {
            break;
        }
        name.push('.');
    }
    let place = Place(start.to(cursor.previous()));
    Ok(Expr { kind: ExprKind::Field(Field { name, optional }), place })
}
