//! `<` and its like.
use super::Lowering;
use super::arguments::as_number;
use super::condition::unknown;
use super::equality::number;
use super::time::Date;
use super::value::{Value, ValueType};
use crate::ast::Comparison;
use crate::functions::RowFunction;
use datafusion::logical_expr::binary_expr;
use datafusion::prelude::{Expr, lit};
use mynah_kernels::{Cell, call};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// Whether two values that are not null stand in an order.
    pub(super) fn ordered(&mut self, left: Value, operator: Comparison, right: Value) -> Option<Expr> {
        if left.kind == ValueType::Boolean || right.kind == ValueType::Boolean {
            let side = if left.kind == ValueType::Boolean { &left } else { &right };
            let message = format!("`{}` cannot compare true and false", operator.text());
            return self.report(Diagnostic::error("eql/type", message, side.span));
        }
        // A field that no view lists is a number where it is compared with one.
        let is_number = matches!(right.constant, Some(Cell::Integer(_) | Cell::Float(_)));
        let left = if left.guessed && left.kind == ValueType::Text && is_number { as_number(left) } else { left };
        // The constant as a value of the other side's kind.
        let right = match (&right.constant, left.kind) {
            (Some(Cell::Text(text)), ValueType::Date) => {
                let (text, span) = (text.clone(), right.span);
                // Not later than a day means not later than its end.
                let end = matches!(operator, Comparison::Greater | Comparison::LessOrEqual);
                match self.date(&text, &right)? {
                    Date::Between(first, last) => Value::constant(Cell::Integer(if end { last } else { first }), span),
                    date => Value { plan: date.moment(end), kind: ValueType::Date, constant: None, ..right },
                }
            }
            (Some(Cell::Text(text)), ValueType::Integer | ValueType::Float) => match number(text) {
                Some(cell) => Value::constant(cell, right.span),
                None => return Some(unknown()),
            },
            (Some(Cell::Integer(_) | Cell::Float(_)), ValueType::Text) => self.as_text(right),
            _ => right,
        };
        let numbers = |kind: ValueType| kind.is_number() || kind == ValueType::Date;
        let texts = |kind: ValueType| matches!(kind, ValueType::Text | ValueType::Ip);
        let comparable = (numbers(left.kind) && numbers(right.kind)) || (texts(left.kind) && texts(right.kind));
        let (left, right) = if comparable { (left, right) } else { (self.as_text(left), self.as_text(right)) };
        if left.kind == ValueType::Ip || right.kind == ValueType::Ip {
            let function = RowFunction::OrderedAddresses { comparison: operator };
            return Some(call(function, vec![left.plan, right.plan]));
        }
        if !left.many && !right.many && left.kind == right.kind && right.constant.is_none() {
            return Some(native(left.plan, operator, right.plan));
        }
        let whole = |kind: ValueType| matches!(kind, ValueType::Integer | ValueType::Date);
        if let (false, Some(cell)) = (left.many, &right.constant)
            && left.constant.is_none()
        {
            return Some(match cell {
                Cell::Integer(number) if whole(left.kind) => native(left.plan, operator, lit(*number)),
                Cell::Integer(number) => native(left.plan, operator, lit(*number as f64)),
                Cell::Float(number) if left.kind == ValueType::Float => native(left.plan, operator, lit(*number)),
                Cell::Text(text) => native(left.plan, operator, lit(text.as_ref())),
                _ => natural(operator, left.plan, right.plan),
            });
        }
        Some(natural(operator, left.plan, right.plan))
    }
}

fn native(left: Expr, operator: Comparison, right: Expr) -> Expr {
    binary_expr(left, operator.operator(), right)
}

/// Numbers by size, texts by their bytes.
fn natural(comparison: Comparison, left: Expr, right: Expr) -> Expr {
    call(RowFunction::Ordered { comparison }, vec![left, right])
}
