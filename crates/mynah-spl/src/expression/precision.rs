//! How many digits of a calculation count.
//!
//! `eval` writes no more digits than the least precise of the operands that have a decimal point:
//! `8.250 * 0.2` is 2, and `8.250 * 0.20` is 1.7. Whole numbers, what `exact` gives and calculated fields are exact.
//! Here that holds for calculations in which the query itself writes such a number.
//! See "Rounding" of <https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval>.

use super::ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use super::{Scope, Type, Typed, lower};
use crate::functions::{Internal, Row, number};
use datafusion::prelude::{Expr, lit};
use mynah_kernels::Cell;
use mynah_syntax::Diagnostic;

/// What an assignment gives a field: a calculation with the digits that it has.
pub(super) fn written(expression: &Expression, scope: &Scope, value: Typed) -> Result<Typed, Diagnostic> {
    if value.ty != Type::Number || !has_point(expression) {
        return Ok(value);
    }
    Ok(WRITTEN.typed(steps(expression, scope)?))
}

/// `sigfig`: the same with zeros in place of the digits before the point that do not count.
pub(crate) fn significant(expression: &Expression, scope: &Scope) -> Result<Typed, Diagnostic> {
    Ok(SIGNIFICANT.typed(steps(expression, scope)?))
}

/// Whether a calculation has a number with a decimal point.
fn has_point(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Binary { operator, left, right } => match step(operator.node) {
            Some(_) => [left, right]
                .into_iter()
                .any(|side| matches!(side.kind, ExpressionKind::Number { decimals: 1.., .. }) || has_point(side)),
            None => false,
        },
        ExpressionKind::Unary { operator: UnaryOperator::Minus, operand } => has_point(operand),
        _ => false,
    }
}

/// How a calculation's step is written for the code.
fn step(operator: BinaryOperator) -> Option<char> {
    match operator {
        BinaryOperator::Add => Some('+'),
        BinaryOperator::Subtract => Some('-'),
        BinaryOperator::Multiply => Some('*'),
        BinaryOperator::Divide => Some('/'),
        BinaryOperator::Modulo => Some('%'),
        _ => None,
    }
}

/// The steps, operands first: `v` takes the next operand, `n` negates.
fn steps(expression: &Expression, scope: &Scope) -> Result<Vec<Expr>, Diagnostic> {
    let (mut steps, mut operands) = (String::new(), Vec::new());
    collect(expression, scope, &mut steps, &mut operands)?;
    let mut arguments = vec![lit(steps)];
    arguments.extend(operands);
    Ok(arguments)
}

fn collect(
    expression: &Expression,
    scope: &Scope,
    steps: &mut String,
    operands: &mut Vec<Expr>,
) -> Result<(), Diagnostic> {
    match &expression.kind {
        ExpressionKind::Binary { operator, left, right } if step(operator.node).is_some() => {
            collect(left, scope, steps, operands)?;
            collect(right, scope, steps, operands)?;
            steps.extend(step(operator.node));
        }
        ExpressionKind::Unary { operator: UnaryOperator::Minus, operand } => {
            collect(operand, scope, steps, operands)?;
            steps.push('n');
        }
        ExpressionKind::Number { value, decimals } => {
            steps.push('v');
            operands.push(lit(format!("{value:.decimals$}")));
        }
        _ => {
            let operand = lower(expression, scope)?;
            steps.push('v');
            operands.push(if operand.ty == Type::Text { operand.expr } else { operand.into_number() });
        }
    }
    Ok(())
}

/// A number, and how many of its decimals count; nothing where it is exact.
#[derive(Clone, Copy)]
struct Measured {
    value: f64,
    decimals: Option<i32>,
}

impl Measured {
    fn of(row: &Row<'_>, index: usize) -> Option<Measured> {
        let value = row.number(index)?;
        let decimals = match row.cell(index) {
            Cell::Text(text) => text.split_once('.').map(|(_, digits)| digits.trim_end()),
            _ => None,
        };
        let decimals = decimals.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        Some(Measured { value, decimals: decimals.map(|digits| i32::try_from(digits.len()).unwrap_or(i32::MAX)) })
    }

    /// How many digits stand before the point; less than none where zeros follow it.
    fn whole_digits(value: f64) -> i32 {
        if value == 0.0 { 1 } else { value.abs().log10().floor() as i32 + 1 }
    }

    /// How many digits count.
    fn significant(self) -> Option<i32> {
        Some(self.decimals?.saturating_add(Measured::whole_digits(self.value)))
    }

    fn then(self, step: char, other: Measured) -> Option<Measured> {
        let least = |left: Option<i32>, right: Option<i32>| match (left, right) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (one, other) => one.or(other),
        };
        let (left, right) = (self.value, other.value);
        let value = match step {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            // By zero there is no result.
            _ if right == 0.0 => return None,
            '/' => left / right,
            _ => left % right,
        };
        let decimals = match step {
            '*' | '/' => least(self.significant(), other.significant())
                .map(|digits| digits.saturating_sub(Measured::whole_digits(value))),
            _ => least(self.decimals, other.decimals),
        };
        Some(Measured { value, decimals })
    }

    fn rounded(self, least_decimals: i32) -> f64 {
        match self.decimals {
            Some(decimals) => crate::functions::round(self.value, decimals.clamp(least_decimals, 300)),
            None => self.value,
        }
    }
}

/// Goes through the steps that [`steps`] made.
fn measured(row: &Row<'_>) -> Option<Measured> {
    let mut operands = 1..;
    let mut stack: Vec<Measured> = Vec::new();
    for step in row.text(0)?.chars() {
        let next = match step {
            'v' => Measured::of(row, operands.next()?)?,
            'n' => {
                let last = stack.pop()?;
                Measured { value: -last.value, ..last }
            }
            step => {
                let right = stack.pop()?;
                stack.pop()?.then(step, right)?
            }
        };
        stack.push(next);
    }
    stack.pop()
}

/// A calculation with the digits that count.
pub(crate) static WRITTEN: Internal = Internal {
    name: "calculation rounded",
    returns: Type::Number,
    code: |row| number(measured(row).map(|result| result.rounded(0))),
};

/// The same, where digits before the point may not count either.
pub(crate) static SIGNIFICANT: Internal = Internal {
    name: "significant figures",
    returns: Type::Number,
    code: |row| number(measured(row).map(|result| result.rounded(-300))),
};
