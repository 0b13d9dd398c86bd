use super::{Type, Typed, to_float, to_text};
use crate::ast::CompareOp;
use crate::functions::RowFunction;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Operator, binary_expr};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::any_of;
use mynah_kernels::{Case, Cell, Matcher, call, text_match};

/// `left op right`: unknown where one side has no value.
///
/// Two numbers are compared as numbers. A text and a number are equal if the number is written so; which
/// is greater they are compared as numbers. Addresses are ordered as numbers too.
pub(super) fn compare(left: &Typed, op: CompareOp, right: &Typed) -> Expr {
    use CompareOp::{Equal, NotEqual};
    // `= NULL` is taken as IS NULL; the rule aql/null-comparison says so.
    match (left.ty, right.ty, op) {
        (Type::Null, _, Equal) => return right.expr.clone().is_null(),
        (_, Type::Null, Equal) => return left.expr.clone().is_null(),
        (Type::Null, _, NotEqual) => return right.expr.clone().is_not_null(),
        (_, Type::Null, NotEqual) => return left.expr.clone().is_not_null(),
        _ => {}
    }
    if matches!(op, Equal | NotEqual) {
        let equal = equal(left, right);
        return if op == Equal { equal } else { Expr::Not(Box::new(equal)) };
    }
    let operator = match op {
        CompareOp::Less => Operator::Lt,
        CompareOp::LessEqual => Operator::LtEq,
        CompareOp::Greater => Operator::Gt,
        _ => Operator::GtEq,
    };
    let (left, right) = if left.ty == Type::Ip || right.ty == Type::Ip {
        (address(left), address(right))
    } else if left.ty == right.ty && left.ty != Type::Null {
        (left.expr.clone(), right.expr.clone())
    } else if left.ty.is_textual() && right.ty.is_textual() {
        (to_text(left), to_text(right))
    } else {
        (to_float(left), to_float(right))
    };
    binary_expr(left, operator, right)
}

/// `low <= value AND value <= high`.
pub(super) fn between(value: &Typed, low: &Typed, high: &Typed) -> Expr {
    compare(value, CompareOp::GreaterEqual, low).and(compare(value, CompareOp::LessEqual, high))
}

/// Whether the value equals one of a list; unknown if not and there is a NULL among them.
pub(super) fn one_of(value: &Typed, list: &[Typed]) -> Expr {
    let mut texts: Vec<&str> = Vec::new();
    let mut numbers: Vec<Expr> = Vec::new();
    let mut others: Vec<Expr> = Vec::new();
    for item in list {
        match (&item.constant, value.ty) {
            (Some(Cell::Text(text)), ty) if ty.is_textual() => texts.push(text),
            (Some(Cell::Integer(number)), Type::Integer) => numbers.push(lit(*number)),
            (Some(Cell::Null), _) => others.push(lit(ScalarValue::Boolean(None))),
            _ => others.push(equal(value, item)),
        }
    }
    let mut parts = Vec::new();
    if !texts.is_empty() {
        parts.push(equal_texts(value, &texts));
    }
    if !numbers.is_empty() {
        parts.push(value.expr.clone().in_list(numbers, false));
    }
    parts.extend(others);
    any_of(parts).unwrap_or_else(|| lit(false))
}

fn equal(left: &Typed, right: &Typed) -> Expr {
    // A constant on the left reads the same from the right.
    if left.constant.is_some() && right.constant.is_none() {
        return equal(right, left);
    }
    match (left.ty, &right.constant, right.ty) {
        (ty, Some(Cell::Text(text)), _) if ty.is_textual() => equal_texts(left, &[text]),
        (ty, Some(Cell::Integer(number)), _) if ty.is_textual() => equal_texts(left, &[&number.to_string()]),
        (Type::Integer, Some(Cell::Text(text)), _) => match text.trim().parse::<i64>() {
            Ok(number) => left.expr.clone().eq(lit(number)),
            // Never equal, but unknown for no value.
            Err(_) => equal_texts(&Typed::new(to_text(left), Type::Text), &[text]),
        },
        (Type::Boolean, Some(Cell::Text(text)), _) => match text.to_ascii_lowercase().as_str() {
            "true" => left.expr.clone().eq(lit(true)),
            "false" => left.expr.clone().eq(lit(false)),
            _ => equal_texts(&Typed::new(to_text(left), Type::Text), &[text]),
        },
        (Type::Boolean, Some(Cell::Integer(number @ (0 | 1))), _) => left.expr.clone().eq(lit(*number == 1)),
        (a, _, b) if a == b => left.expr.clone().eq(right.expr.clone()),
        (a, _, b) if a.is_number() && b.is_number() => to_float(left).eq(to_float(right)),
        (Type::Float, Some(Cell::Text(_)), _) => left.expr.clone().eq(to_float(right)),
        _ => to_text(left).eq(to_text(right)),
    }
}

/// Whether a text is one of these. Where it is the lower case of another, that one is compared without case.
fn equal_texts(value: &Typed, texts: &[&str]) -> Expr {
    match &value.lower_of {
        Some(inner) if texts.iter().all(|text| text.to_lowercase() == **text) => {
            text_match(Matcher::equal(texts.iter().copied(), Case::Folded), inner.as_ref().clone())
        }
        _ => text_match(Matcher::equal(texts.iter().copied(), Case::Exact), value.expr.clone()),
    }
}

/// An address as a text that sorts as addresses do.
pub(super) fn address(value: &Typed) -> Expr {
    call(RowFunction::AddressOrder, vec![to_text(value)])
}
