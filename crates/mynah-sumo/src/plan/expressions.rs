//! Field expressions.
use super::{Draft, Kind, Typed, ValueFunction};
use crate::ast::{BinaryOperator, Expression, number_value};
use crate::functions;
use datafusion::logical_expr::{Expr, Operator as Sign, binary_expr, lit, when};
use mynah_dialect::{Flavour, all_of, any_of, marked, regex};
use mynah_kernels::{Case, Matcher, Regex, WildcardSyntax, call, regex_match, text_match};
use mynah_syntax::{Diagnostic, Span};

/// The value of an expression.
pub(crate) fn lower(draft: &mut Draft<'_>, expression: &Expression) -> Result<Typed, Diagnostic> {
    match expression {
        Expression::Text(text) => Ok(Typed::text(text.value())),
        Expression::Regex(regex) => Err(Diagnostic::error(
            "sumo/syntax",
            "a regular expression can only stand behind `matches` or as an argument of `replace`",
            regex.place.0,
        )),
        Expression::Number(number, place) => match number_value(number) {
            Some(value) => Ok(Typed::new(lit(value), Kind::Number)),
            None => Err(Diagnostic::error("sumo/syntax", format!("`{number}` is no number"), place.0)),
        },
        Expression::Boolean(truth, _) => Ok(Typed::new(lit(*truth), Kind::Boolean)),
        Expression::Null(_) => Ok(Typed::null()),
        Expression::Field(name) => draft.resolve(name),
        Expression::Parameter(name, place) => {
            draft.parameter(name, place.0)?;
            Ok(Typed::null())
        }
        Expression::Negative(part, _) => {
            let number = lower(draft, part)?.to(Kind::Number);
            Ok(Typed::new(-number.expr, Kind::Number))
        }
        Expression::Choice(condition, then, otherwise) => choice(draft, condition, then, otherwise),
        Expression::Binary(operator, left, right)
            if let Some(sign) = sign(*operator).filter(Sign::is_numerical_operators) =>
        {
            let left = lower(draft, left)?.to(Kind::Number).expr;
            let right = lower(draft, right)?.to(Kind::Number).expr;
            Ok(Typed::new(binary_expr(left, sign, right), Kind::Number))
        }
        Expression::Call(name, arguments, place) => functions::call(draft, name, arguments, place.0),
        // A comparison with null is neither true nor false on the way; the value of a field is one of them.
        Expression::Not(..)
        | Expression::And(_)
        | Expression::Or(_)
        | Expression::In(..)
        | Expression::Binary(..)
        | Expression::Templated(..)
        | Expression::Subquery(_) => Ok(Typed::condition(condition(draft, expression)?)),
    }
}

/// `condition ? then : otherwise`, which is `if` too.
pub(crate) fn choice(
    draft: &mut Draft<'_>,
    condition: &Expression,
    then: &Expression,
    otherwise: &Expression,
) -> Result<Typed, Diagnostic> {
    let condition = self::condition(draft, condition)?;
    // Of the two values, only one is asked for.
    let answered = draft.answered.len();
    let then = lower(draft, then)?;
    let otherwise = lower(draft, otherwise)?;
    draft.answered.truncate(answered);
    let kind = then.kind.unify(otherwise.kind);
    let value = when(condition, then.to(kind).expr)
        .otherwise(otherwise.to(kind).expr)
        .map_err(|error| draft.refused(&error))?;
    Ok(Typed::new(value, kind))
}

/// Compiles a regular expression. Sumo Logic takes what Java takes, look-around and back-references included.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-variable-patterns-using-regex/>
pub(crate) fn compile(pattern: &str, span: Span) -> Result<Regex, Diagnostic> {
    regex(pattern, Flavour::Java).map_err(|refusal| Diagnostic::error("sumo/regex", refusal.to_string(), span))
}

/// The operator of plans, where there is one.
pub(super) fn sign(operator: BinaryOperator) -> Option<Sign> {
    Some(match operator {
        BinaryOperator::Equal => Sign::Eq,
        BinaryOperator::NotEqual => Sign::NotEq,
        BinaryOperator::Less => Sign::Lt,
        BinaryOperator::LessOrEqual => Sign::LtEq,
        BinaryOperator::Greater => Sign::Gt,
        BinaryOperator::GreaterOrEqual => Sign::GtEq,
        BinaryOperator::Add => Sign::Plus,
        BinaryOperator::Subtract => Sign::Minus,
        BinaryOperator::Multiply => Sign::Multiply,
        BinaryOperator::Divide => Sign::Divide,
        BinaryOperator::Remainder => Sign::Modulo,
        BinaryOperator::Contains | BinaryOperator::Matches => return None,
    })
}

/// A condition, null where it compares a null; whoever negates it treats null as false. The smallest conditions that it is
/// made of keep their places.
pub(super) fn condition(draft: &mut Draft<'_>, expression: &Expression) -> Result<Expr, Diagnostic> {
    match expression {
        Expression::And(parts) => {
            let all = parts.iter().map(|part| condition(draft, part)).collect::<Result<Vec<_>, _>>()?;
            Ok(all_of(all).unwrap_or_else(|| lit(true)))
        }
        Expression::Or(parts) => {
            // What stands behind an alternative that holds is not asked.
            let answered = draft.answered.len();
            let all = parts.iter().map(|part| condition(draft, part)).collect::<Result<Vec<_>, _>>()?;
            draft.answered.truncate(answered);
            Ok(any_of(all).unwrap_or_else(|| lit(false)))
        }
        // What is no IPv4 address is neither private nor public.
        Expression::Not(part, _) if drops_null(part) => Ok(!condition(draft, part)?),
        Expression::Not(part, _) => Ok(condition(draft, part)?.is_not_true()),
        leaf => Ok(marked(leaf.span(), test(draft, leaf)?)),
    }
}

/// Whether a call drops the rows for which it has no answer.
fn drops_null(expression: &Expression) -> bool {
    matches!(expression, Expression::Call(name, _, _) if functions::drops_null(&name.text))
}

/// A condition that is not made of others.
fn test(draft: &mut Draft<'_>, expression: &Expression) -> Result<Expr, Diagnostic> {
    match expression {
        Expression::Subquery(subquery) => super::subquery::condition(draft, subquery),
        // As `*`, the usual default, which any value fits.
        Expression::Templated(value, ..) => lower(draft, value).map(|_| lit(true)),
        Expression::Binary(BinaryOperator::Matches, value, pattern) => matches(draft, value, pattern),
        Expression::In(value, negated, list, _) => {
            let found = in_list(draft, value, list)?;
            Ok(if *negated { found.is_not_true() } else { found })
        }
        Expression::Binary(BinaryOperator::Contains, left, right) => {
            let left = lower(draft, left)?;
            let right = lower(draft, right)?;
            Ok(functions::contains(left, right).expr)
        }
        Expression::Binary(operator, left, right)
            if let Some(sign) = sign(*operator).filter(|sign| !sign.is_numerical_operators()) =>
        {
            compare(draft, sign, left, right)
        }
        Expression::Choice(condition, then, otherwise) => conditional(draft, condition, then, otherwise),
        Expression::Call(name, arguments, _)
            if name.text.eq_ignore_ascii_case("if")
                && let [condition, then, otherwise] = arguments.as_slice() =>
        {
            conditional(draft, condition, then, otherwise)
        }
        other => Ok(lower(draft, other)?.to(Kind::Boolean).expr),
    }
}

/// `if` as a condition: one of two others, which stay in sight of what looks for texts in filters.
fn conditional(
    draft: &mut Draft<'_>,
    condition: &Expression,
    then: &Expression,
    otherwise: &Expression,
) -> Result<Expr, Diagnostic> {
    let branch = |draft: &mut Draft<'_>, part: &Expression| match part {
        Expression::Boolean(truth, _) => Ok(lit(*truth)),
        other => self::condition(draft, other),
    };
    let condition = self::condition(draft, condition)?;
    let answered = draft.answered.len();
    let then = branch(draft, then)?;
    let otherwise = branch(draft, otherwise)?;
    draft.answered.truncate(answered);
    when(condition, then).otherwise(otherwise).map_err(|error| draft.refused(&error))
}

fn compare(draft: &mut Draft<'_>, sign: Sign, left: &Expression, right: &Expression) -> Result<Expr, Diagnostic> {
    // As `*`, the usual default of a parameter in a text, which any value fits.
    if let (Expression::Parameter(name, place), other) | (other, Expression::Parameter(name, place)) = (left, right) {
        lower(draft, other)?;
        draft.without_parameter(name, "any value fits", place.0);
        return Ok(lit(true));
    }
    if matches!(left, Expression::Field(_)) {
        draft.doubt_value(right);
    }
    let typed_left = lower(draft, left)?;
    let typed_right = lower(draft, right)?;
    // `x = null` asks whether there is a value.
    if typed_left.kind == Kind::Null || typed_right.kind == Kind::Null {
        let value = if typed_left.kind == Kind::Null { typed_right.expr } else { typed_left.expr };
        return Ok(match sign {
            Sign::Eq => value.is_null(),
            Sign::NotEq => value.is_not_null(),
            _ => lit(false),
        });
    }
    if matches!(sign, Sign::Eq | Sign::NotEq) && typed_left.kind == Kind::Text && typed_right.kind == Kind::Text {
        let literal = match (left, right) {
            (Expression::Text(_), Expression::Text(_)) => None,
            (_, Expression::Text(text)) => Some((typed_left.expr.clone(), text.value())),
            (Expression::Text(text), _) => Some((typed_right.expr.clone(), text.value())),
            _ => None,
        };
        if let Some((field, text)) = literal {
            let equal = text_match(Matcher::equal([text.as_str()], Case::Exact), field);
            return Ok(if sign == Sign::Eq { equal } else { equal.is_not_true() });
        }
    }
    let kind = match (typed_left.kind, typed_right.kind) {
        (a, b) if a == b => a,
        (a, b) if a.is_number() || b.is_number() => Kind::Number,
        (Kind::Boolean, Kind::Text) | (Kind::Text, Kind::Boolean) => Kind::Text,
        (a, b) => a.unify(b),
    };
    let (left, right) = (typed_left.to(kind).expr, typed_right.to(kind).expr);
    Ok(match sign {
        Sign::NotEq => left.eq(right).is_not_true(),
        sign => binary_expr(left, sign, right),
    })
}

fn matches(draft: &mut Draft<'_>, value: &Expression, pattern: &Expression) -> Result<Expr, Diagnostic> {
    let value = lower(draft, value)?.to(Kind::Text).expr;
    let wildcards = |pattern: &str| Matcher::wildcards([pattern], WildcardSyntax::STARS, Case::Exact);
    Ok(match pattern {
        Expression::Regex(regex) => regex_match(compile(&regex.pattern(), regex.place.0)?, value),
        Expression::Text(text) => text_match(wildcards(&text.value()), value),
        // As in a text.
        Expression::Parameter(..) => text_match(wildcards("*"), value),
        other => call(ValueFunction::Fits, vec![value, lower(draft, other)?.to(Kind::Text).expr]),
    })
}

fn in_list(draft: &mut Draft<'_>, value: &Expression, list: &[Expression]) -> Result<Expr, Diagnostic> {
    let typed = lower(draft, value)?;
    let text = |item: &Expression| if let Expression::Text(text) = item { Some(text.value()) } else { None };
    let texts: Option<Vec<String>> = list.iter().map(text).collect();
    if let (Some(texts), Kind::Text) = (texts, typed.kind) {
        return Ok(text_match(Matcher::equal(texts.iter().map(String::as_str), Case::Exact), typed.expr));
    }
    let any = list.iter().map(|item| compare(draft, Sign::Eq, value, item)).collect::<Result<_, _>>()?;
    Ok(any_of(any).unwrap_or_else(|| lit(false)))
}
