//! Field expressions.
use super::{Draft, Kind, Typed, ValueFunction};
use crate::ast::{BinaryOperator, Expression, Pattern, fill_parameters, number_value};
use crate::functions;
use datafusion::logical_expr::{Expr, lit, when};
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
        Expression::Binary(operator, left, right) if arithmetic(*operator) => {
            let left = lower(draft, left)?.to(Kind::Number).expr;
            let right = lower(draft, right)?.to(Kind::Number).expr;
            let value = match operator {
                BinaryOperator::Add => left + right,
                BinaryOperator::Subtract => left - right,
                BinaryOperator::Multiply => left * right,
                BinaryOperator::Divide => left / right,
                _ => left % right,
            };
            Ok(Typed::new(value, Kind::Number))
        }
        Expression::Call(name, arguments, place) => functions::call(draft, name, arguments, place.0),
        // A comparison with null is neither true nor false on the way; the value of a field is one of them.
        Expression::Not(..)
        | Expression::And(_)
        | Expression::Or(_)
        | Expression::Matches(..)
        | Expression::In(..)
        | Expression::Binary(..) => {
            let predicate = condition(draft, expression)?;
            Ok(Typed::new(predicate.is_true(), Kind::Boolean))
        }
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
    let then = lower(draft, then)?;
    let otherwise = lower(draft, otherwise)?;
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

fn arithmetic(operator: BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Remainder
    )
}

/// A condition, null where it compares a null; whoever negates it treats null as false. The smallest conditions that it is
/// made of keep their places.
pub(super) fn condition(draft: &mut Draft<'_>, expression: &Expression) -> Result<Expr, Diagnostic> {
    let mut all = |parts: &[Expression]| parts.iter().map(|part| condition(draft, part)).collect::<Result<Vec<_>, _>>();
    match expression {
        Expression::And(parts) => Ok(all_of(all(parts)?).unwrap_or_else(|| lit(true))),
        Expression::Or(parts) => Ok(any_of(all(parts)?).unwrap_or_else(|| lit(false))),
        // What is no IPv4 address is neither private nor public: such rows are dropped.
        Expression::Not(part, _) if drops_rows(part) => Ok(!condition(draft, part)?),
        Expression::Not(part, _) => Ok(condition(draft, part)?.is_not_true()),
        leaf => Ok(marked(leaf.span(), test(draft, leaf)?)),
    }
}

/// A condition that is not made of others.
fn test(draft: &mut Draft<'_>, expression: &Expression) -> Result<Expr, Diagnostic> {
    match expression {
        Expression::Matches(value, pattern) => matches(draft, value, pattern),
        Expression::In(value, negated, list, _) => {
            let found = in_list(draft, value, list)?;
            Ok(if *negated { found.is_not_true() } else { found })
        }
        Expression::Binary(BinaryOperator::Contains, left, right) => {
            let left = lower(draft, left)?;
            let right = lower(draft, right)?;
            Ok(functions::contains(left, right).expr)
        }
        Expression::Binary(operator, left, right) if !arithmetic(*operator) => compare(draft, *operator, left, right),
        other => Ok(lower(draft, other)?.to(Kind::Boolean).expr),
    }
}

/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isprivateip/>
fn drops_rows(expression: &Expression) -> bool {
    let drops = ["isprivateip", "ispublicip"];
    matches!(expression, Expression::Call(name, _, _) if drops.contains(&name.key().as_str()))
}

fn compare(
    draft: &mut Draft<'_>,
    operator: BinaryOperator,
    left: &Expression,
    right: &Expression,
) -> Result<Expr, Diagnostic> {
    let typed_left = lower(draft, left)?;
    let typed_right = lower(draft, right)?;
    // `x = null` asks whether there is a value.
    if typed_left.kind == Kind::Null || typed_right.kind == Kind::Null {
        let both_parameters = matches!((left, right), (Expression::Parameter(..), _) | (_, Expression::Parameter(..)));
        if !both_parameters {
            let value = if typed_left.kind == Kind::Null { typed_right.expr } else { typed_left.expr };
            return Ok(match operator {
                BinaryOperator::Equal => value.is_null(),
                BinaryOperator::NotEqual => value.is_not_null(),
                _ => lit(false),
            });
        }
    }
    let equality = matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual);
    if equality && typed_left.kind == Kind::Text && typed_right.kind == Kind::Text {
        let literal = match (left, right) {
            (Expression::Text(_), Expression::Text(_)) => None,
            (_, Expression::Text(text)) => Some((typed_left.expr.clone(), text.value())),
            (Expression::Text(text), _) => Some((typed_right.expr.clone(), text.value())),
            _ => None,
        };
        if let Some((field, text)) = literal {
            let equal = text_match(Matcher::equal([text.as_str()], Case::Exact), field);
            return Ok(if operator == BinaryOperator::Equal { equal } else { equal.is_not_true() });
        }
    }
    let kind = match (typed_left.kind, typed_right.kind) {
        (a, b) if a == b => a,
        (a, b) if a.is_number() || b.is_number() => Kind::Number,
        (Kind::Boolean, Kind::Text) | (Kind::Text, Kind::Boolean) => Kind::Text,
        (a, b) => a.unify(b),
    };
    let (left, right) = (typed_left.to(kind).expr, typed_right.to(kind).expr);
    Ok(match operator {
        BinaryOperator::Equal => left.eq(right),
        BinaryOperator::NotEqual => left.eq(right).is_not_true(),
        BinaryOperator::Less => left.lt(right),
        BinaryOperator::LessOrEqual => left.lt_eq(right),
        BinaryOperator::Greater => left.gt(right),
        _ => left.gt_eq(right),
    })
}

fn matches(draft: &mut Draft<'_>, value: &Expression, pattern: &Pattern) -> Result<Expr, Diagnostic> {
    let value = lower(draft, value)?.to(Kind::Text).expr;
    match pattern {
        Pattern::Regex(regex) => Ok(regex_match(compile(&regex.pattern(), regex.place.0)?, value)),
        Pattern::Wildcards(pattern) => match pattern.as_ref() {
            Expression::Text(text) => {
                Ok(text_match(Matcher::wildcards([text.value().as_str()], WildcardSyntax::STARS, Case::Exact), value))
            }
            // A parameter alone: `*`, as in a text.
            Expression::Parameter(name, _) => {
                let filled = fill_parameters(&format!("{{{{{name}}}}}"));
                Ok(text_match(Matcher::wildcards([filled.as_str()], WildcardSyntax::STARS, Case::Exact), value))
            }
            other => {
                let pattern = lower(draft, other)?.to(Kind::Text).expr;
                Ok(call(ValueFunction::Fits, vec![value, pattern]))
            }
        },
    }
}

fn in_list(draft: &mut Draft<'_>, value: &Expression, list: &[Expression]) -> Result<Expr, Diagnostic> {
    let typed = lower(draft, value)?;
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|item| match item {
            Expression::Text(text) => Some(text.value()),
            _ => None,
        })
        .collect();
    if let (Some(texts), Kind::Text) = (texts, typed.kind) {
        return Ok(text_match(Matcher::equal(texts.iter().map(String::as_str), Case::Exact), typed.expr));
    }
    let mut any = Vec::new();
    for item in list {
        any.push(compare(draft, BinaryOperator::Equal, value, item)?);
    }
    Ok(any_of(any).unwrap_or_else(|| lit(false)))
}
