//! Comparisons: numbers as numbers where both sides are numbers, else texts as texts; a field of several
//! values compares true if any of its values does.

use super::ast::BinaryOperator;
use super::coerce::{cell_values, null_of, parse_number};
use super::{Type, Typed};
use crate::functions::Internal;
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Operator, binary_expr};
use mynah_dialect::any_of;
use mynah_kernels::{Case, Cell, Code, Function, Matcher, Pattern, Resources, WildcardSyntax, call, text_match};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Lowers `left OP right`.
pub(super) fn compare(operator: BinaryOperator, left: Typed, right: Typed, span: Span) -> Result<Typed, Diagnostic> {
    if left.ty == Type::Null || right.ty == Type::Null {
        return Ok(Typed::boolean(null_of(Type::Boolean)));
    }
    let native = native_operator(operator);
    match (left.ty, right.ty) {
        (Type::Boolean, Type::Boolean) if matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual) => {
            return Ok(Typed::boolean(binary_expr(left.expr, native, right.expr)));
        }
        (Type::Boolean, _) | (_, Type::Boolean) => {
            let message = format!("`{}` compares a truth value with something else", operator.symbol());
            return Err(Diagnostic::error("spl/type", message, span)
                .with_help("Splunk refuses it (\"Typechecking failed\"): leave the comparison out, or negate the condition with NOT"));
        }
        (Type::Number, Type::Number) => return Ok(Typed::boolean(binary_expr(left.expr, native, right.expr))),
        _ => {}
    }
    // A constant that looks like a number compares as one with numbers.
    if left.ty == Type::Number || right.ty == Type::Number {
        let constant = if left.ty == Type::Number { &right } else { &left };
        if constant.as_literal_text().is_some_and(|text| parse_number(text).is_some()) {
            return Ok(Typed::boolean(binary_expr(left.into_number(), native, right.into_number())));
        }
    }
    let plain = |value: &Typed| value.as_literal_text().is_some_and(|text| parse_number(text).is_none());
    if plain(&left) || plain(&right) {
        // No number on one side, so it is texts that are compared, in their own case.
        let (column, constant) = if plain(&right) { (&left, &right) } else { (&right, &left) };
        if let Some(text) = constant.as_literal_text()
            && column.as_literal_text().is_none()
        {
            let equal = || text_match(Matcher::equal([text], Case::Exact), column.clone().into_texts());
            match operator {
                BinaryOperator::Equal => return Ok(Typed::boolean(equal())),
                BinaryOperator::NotEqual if column.ty != Type::Multi => return Ok(Typed::boolean(!equal())),
                _ => {}
            }
        }
        if left.ty != Type::Multi && right.ty != Type::Multi {
            return Ok(Typed::boolean(binary_expr(left.into_text(), native, right.into_text())));
        }
    }
    Ok(Typed::boolean(call(Compare { operator }, vec![left.expr, right.expr])))
}

/// A comparison of values that may be numbers or texts, one or several.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Compare {
    operator: BinaryOperator,
}

impl Function for Compare {
    const NAME: &'static str = "spl.compare";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let operator = self.operator;
        Ok(Code::row(move |row| match row {
            [left, right] if left.is_null() || right.is_null() => Cell::Null,
            [left, right] => {
                let rights = cell_values(right);
                let holds = |left: &str| rights.iter().any(|right| holds(operator, order(left, right)));
                Cell::Boolean(cell_values(left).iter().any(|left| holds(left)))
            }
            _ => Cell::Null,
        }))
    }
}

/// Lowers `value IN (list)` and `in(value, list)`: whether it equals any.
pub(crate) fn one_of(value: Typed, list: Vec<(Typed, Span)>, span: Span) -> Result<Typed, Diagnostic> {
    let texts: Option<Vec<&str>> =
        list.iter().map(|(item, _)| item.as_literal_text().filter(|text| parse_number(text).is_none())).collect();
    if let Some(texts) = texts
        && matches!(value.ty, Type::Text | Type::Multi)
    {
        return Ok(Typed::boolean(text_match(Matcher::equal(texts, Case::Exact), value.expr)));
    }
    let mut equal = Vec::with_capacity(list.len());
    for (item, item_span) in list {
        equal.push(compare(BinaryOperator::Equal, value.clone(), item, span.to(item_span))?.expr);
    }
    Ok(Typed::boolean(any_of(equal).unwrap_or_else(|| null_of(Type::Boolean))))
}

/// Lowers `text LIKE pattern` and `like(text, pattern)`: the whole text, in its own case, `%` and `_`.
pub(crate) fn like(text: Typed, pattern: Typed) -> Typed {
    if text.ty == Type::Null || pattern.ty == Type::Null {
        return Typed::boolean(null_of(Type::Boolean));
    }
    match pattern.as_literal_text() {
        Some(pattern) => {
            Typed::boolean(text_match(Matcher::wildcards([pattern], LIKE_SYNTAX, Case::Exact), text.into_texts()))
        }
        None => LIKE.typed(vec![text.expr, pattern.into_text()]),
    }
}

const LIKE_SYNTAX: WildcardSyntax = WildcardSyntax { escape: Some('\\'), ..WildcardSyntax::SQL };

/// `LIKE` with a pattern that is no constant.
pub(crate) static LIKE: Internal = Internal {
    name: "like pattern",
    returns: Type::Boolean,
    code: |row| match (row.values(0), row.cell(1).as_text()) {
        (texts, Some(pattern)) if !row.cell(0).is_null() => {
            let pattern = Pattern::parse(pattern, LIKE_SYNTAX);
            Cell::Boolean(texts.iter().any(|text| pattern.fits(text)))
        }
        _ => Cell::Null,
    },
};

/// How two values compare: as numbers where both are.
pub(crate) fn order(left: &str, right: &str) -> Ordering {
    match (parse_number(left), parse_number(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
        _ => left.cmp(right),
    }
}

/// The order of mixed values, as `min` and `max` have it: numbers by their value, all texts behind them by their characters.
pub(crate) fn mixed_order(left: &str, right: &str) -> Ordering {
    match (parse_number(left), parse_number(right)) {
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        _ => order(left, right),
    }
}

/// Whether two values that compare so stand in the relation of an operator.
pub(crate) fn holds(operator: BinaryOperator, ordering: Ordering) -> bool {
    match operator {
        BinaryOperator::Equal => ordering.is_eq(),
        BinaryOperator::NotEqual => ordering.is_ne(),
        BinaryOperator::Less => ordering.is_lt(),
        BinaryOperator::LessEqual => ordering.is_le(),
        BinaryOperator::Greater => ordering.is_gt(),
        BinaryOperator::GreaterEqual => ordering.is_ge(),
        _ => false,
    }
}

/// A comparison as DataFusion has it.
pub(crate) fn native_operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::NotEqual => Operator::NotEq,
        BinaryOperator::Less => Operator::Lt,
        BinaryOperator::LessEqual => Operator::LtEq,
        BinaryOperator::Greater => Operator::Gt,
        BinaryOperator::GreaterEqual => Operator::GtEq,
        _ => Operator::Eq,
    }
}
