//! Long chains of `+`, `-` and `.`: one function of all operands, where an operator upon the other would make a plan as deep
//! as the chain is long. Operand by operand they give what the operators give.
use super::ast::{BinaryOperator, Expression, ExpressionKind};
use super::coerce::{cell_number, cell_text};
use super::{Type, Typed};
use crate::functions::{Internal, Row};
use datafusion::prelude::lit;
use mynah_kernels::Cell;

/// Chains of fewer operators are left as they are.
const LONG: usize = 64;

/// The operands of a long chain, and the operators between them, each of one letter.
pub(super) fn long(expression: &Expression) -> Option<(Vec<&Expression>, String)> {
    let (mut operands, mut operators, mut rest) = (Vec::new(), Vec::new(), expression);
    while let ExpressionKind::Binary { operator, left, right } = &rest.kind
        && let Some(letter) = letter(operator.node)
    {
        operators.push(letter);
        operands.push(right.as_ref());
        rest = left;
    }
    operands.push(rest);
    operands.reverse();
    (operators.len() > LONG).then(|| (operands, operators.into_iter().rev().collect()))
}

fn letter(operator: BinaryOperator) -> Option<char> {
    match operator {
        BinaryOperator::Add => Some('+'),
        BinaryOperator::Subtract => Some('-'),
        BinaryOperator::Concatenate => Some('.'),
        _ => None,
    }
}

/// What comes of the operands; nothing where one has several values, which `.` joins each with each.
pub(super) fn lowered(operands: Vec<Typed>, operators: String) -> Option<Typed> {
    let mut types = operands.iter().map(|operand| operand.ty);
    let first = types.next()?;
    let ty = operators.chars().zip(types).try_fold(first, |left, (operator, right)| match (operator, left, right) {
        (_, Type::Multi, _) | (_, _, Type::Multi) => None,
        ('-', ..) | ('+', Type::Number, _) | ('+', _, Type::Number) => Some(Type::Number),
        (_, Type::Null, _) | (_, _, Type::Null) => Some(Type::Null),
        _ => Some(Type::Text),
    })?;
    let chain = match ty {
        Type::Null => return Some(Typed::null()),
        Type::Number => &CHAIN_OF_NUMBERS,
        _ => &CHAIN,
    };
    let operands = operands.into_iter().map(|operand| operand.expr);
    Some(chain.typed([lit(operators)].into_iter().chain(operands).collect()))
}

/// A chain whose result is a number, if it has one.
pub(crate) static CHAIN_OF_NUMBERS: Internal = Internal {
    name: "chain of numbers",
    returns: Type::Number,
    code: |row| cell_number(&folded(row)).map(Cell::Float).into(),
};

/// Any other chain.
pub(crate) static CHAIN: Internal = Internal {
    name: "chain of values",
    returns: Type::Text,
    code: |row| cell_text(&folded(row)).map(|text| Cell::text(text.into_owned())).into(),
};

fn folded(row: &Row<'_>) -> Cell<'static> {
    let operators = row.text(0).unwrap_or_default();
    let mut result: Cell<'static> = owned(row.cell(1));
    for (place, operator) in operators.chars().enumerate() {
        let right = row.cell(place + 2);
        let numbers = || cell_number(&result).zip(cell_number(right));
        let texts =
            || cell_text(&result).zip(cell_text(right)).map(|(left, right)| Cell::text(format!("{left}{right}")));
        result = match operator {
            '-' => numbers().map(|(left, right)| Cell::Float(left - right)).into(),
            '.' => texts().into(),
            _ => match (cell_number(&result), cell_number(right)) {
                (Some(left), Some(right)) => Cell::Float(left + right),
                (None, None) => texts().into(),
                _ => Cell::Null,
            },
        };
    }
    result
}

fn owned(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Float(number) => Cell::Float(*number),
        cell => cell_text(cell).map(|text| Cell::text(text.into_owned())).into(),
    }
}
