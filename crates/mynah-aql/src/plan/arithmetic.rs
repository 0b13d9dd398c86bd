use super::{Type, Typed, to_float};
use crate::ast::ArithmeticOp;
use crate::functions::RowFunction;
use datafusion::logical_expr::{Operator, binary_expr};
use datafusion::prelude::Expr;
use mynah_kernels::Cell;

/// `left op right`. Whole numbers stay whole except under `^`; a text counts as the number it holds.
pub(super) fn arithmetic(left: &Typed, op: ArithmeticOp, right: &Typed) -> Result<Typed, String> {
    for side in [left, right] {
        if side.ty == Type::Boolean {
            return Err(format!("`{}` takes numbers, not a condition", op.symbol()));
        }
    }
    if let (Some(Cell::Integer(a)), Some(Cell::Integer(b))) = (&left.constant, &right.constant)
        && let Some(value) = fold(*a, op, *b)
    {
        return Ok(Typed::constant(Cell::Integer(value)));
    }
    let whole = left.ty == Type::Integer && right.ty == Type::Integer;
    let of = |operator: Operator| {
        if whole {
            Typed::new(binary_expr(left.expr.clone(), operator, right.expr.clone()), Type::Integer)
        } else {
            Typed::new(binary_expr(to_float(left), operator, to_float(right)), Type::Float)
        }
    };
    let integers = |function: RowFunction| function.of(&[(left, Type::Integer), (right, Type::Integer)]);
    Ok(match op {
        ArithmeticOp::Add => of(Operator::Plus),
        ArithmeticOp::Subtract => of(Operator::Minus),
        ArithmeticOp::Multiply => of(Operator::Multiply),
        ArithmeticOp::Divide if whole => integers(RowFunction::Divide),
        ArithmeticOp::Divide => Typed::new(binary_expr(to_float(left), Operator::Divide, to_float(right)), Type::Float),
        ArithmeticOp::Modulo if whole => integers(RowFunction::Modulo),
        ArithmeticOp::Modulo => Typed::new(binary_expr(to_float(left), Operator::Modulo, to_float(right)), Type::Float),
        ArithmeticOp::Power => RowFunction::Power.of(&[(left, Type::Float), (right, Type::Float)]),
        ArithmeticOp::BitAnd => integers(RowFunction::BitAnd),
        ArithmeticOp::BitOr => integers(RowFunction::BitOr),
    })
}

/// `-value`.
pub(super) fn negate(value: &Typed) -> Result<Typed, String> {
    match (&value.constant, value.ty) {
        (Some(Cell::Integer(number)), _) if *number != i64::MIN => Ok(Typed::constant(Cell::Integer(-number))),
        (Some(Cell::Float(number)), _) => Ok(Typed::constant(Cell::Float(-number))),
        (_, Type::Integer) => Ok(Typed::new(Expr::Negative(Box::new(value.expr.clone())), Type::Integer)),
        (_, Type::Boolean) => Err("`-` takes a number, not a condition".into()),
        _ => Ok(Typed::new(Expr::Negative(Box::new(to_float(value))), Type::Float)),
    }
}

fn fold(a: i64, op: ArithmeticOp, b: i64) -> Option<i64> {
    match op {
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Subtract => a.checked_sub(b),
        ArithmeticOp::Multiply => a.checked_mul(b),
        ArithmeticOp::Divide => a.checked_div(b),
        _ => None,
    }
}
