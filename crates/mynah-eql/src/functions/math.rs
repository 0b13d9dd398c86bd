//! Functions of numbers, and the text that is one.
use super::Accepts::{Integer, Number, Text};
use super::{FunctionCode, page};
use crate::plan::ValueType;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Case, Cell};

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 6] = [
    Entry::new(
        "add",
        "add(addend, addend)",
        "The sum of two numbers: a whole one of two whole ones. Null if either is null.",
        page!("add"),
        &[
            example(r#"add(4, 5)"#, "9"),
            example(r#"add(4, 0.5)"#, "4.5"),
            example(r#"add(0.5, 0.25)"#, "0.75"),
            example(r#"add(4, -2)"#, "2"),
            example(r#"add(-2, -2)"#, "-4"),
            example(r#"add(null, 4)"#, "null"),
            example(r#"add(4, null)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Number, Number], None, |row, _| numbers(row, i64::checked_add, |left, right| left + right)),
    ),
    Entry::new(
        "divide",
        "divide(dividend, divisor)",
        "The quotient of two numbers; of two whole numbers without its fraction. Null if either is null. A whole number divided by zero, where Elastic ends the search, is null.",
        page!("divide"),
        &[
            example(r#"divide(4, 2)"#, "2"),
            example(r#"divide(4, 3)"#, "1"),
            example(r#"divide(4, 0.5)"#, "8.0"),
            example(r#"divide(0.5, 4)"#, "0.125"),
            example(r#"divide(0.5, 0.25)"#, "2.0"),
            example(r#"divide(4, -2)"#, "-2"),
            example(r#"divide(-4, -2)"#, "2"),
            example(r#"divide(null, 4)"#, "null"),
            example(r#"divide(4, null)"#, "null"),
            example(r#"divide(4, 0)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Number, Number], None, |row, _| numbers(row, i64::checked_div, |left, right| left / right)),
    ),
    Entry::new(
        "modulo",
        "modulo(dividend, divisor)",
        "What is left of a division, with the sign of the dividend. Null if either is null. A whole number divided by zero, where Elastic ends the search, is null.",
        page!("modulo"),
        &[
            example(r#"modulo(10, 6)"#, "4"),
            example(r#"modulo(10, 5)"#, "0"),
            example(r#"modulo(10, 0.5)"#, "0.0"),
            example(r#"modulo(10, -6)"#, "4"),
            example(r#"modulo(-10, -6)"#, "-4"),
            example(r#"modulo(null, 5)"#, "null"),
            example(r#"modulo(7, null)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Number, Number], None, |row, _| numbers(row, i64::checked_rem, |left, right| left % right)),
    ),
    Entry::new(
        "multiply",
        "multiply(factor, factor)",
        "The product of two numbers. Null if either is null.",
        page!("multiply"),
        &[
            example(r#"multiply(2, 2)"#, "4"),
            example(r#"multiply(0.5, 2)"#, "1.0"),
            example(r#"multiply(0.25, 2)"#, "0.5"),
            example(r#"multiply(-2, 2)"#, "-4"),
            example(r#"multiply(-2, -2)"#, "4"),
            example(r#"multiply(null, 2)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Number, Number], None, |row, _| numbers(row, i64::checked_mul, |left, right| left * right)),
    ),
    Entry::new(
        "number",
        "number(text [, base])",
        "A text as a number. Hexadecimal if it begins with `0x`, else decimal, unless a base is given. Null if it is null, or, where Elastic ends the search, if it is no number.",
        page!("number"),
        &[
            example(r#"number("1337")"#, "1337"),
            example(r#"number("42.5")"#, "42.5"),
            example(r#"number("deadbeef", 16)"#, "3735928559"),
            example(r#"number("0xdeadbeef")"#, "3735928559"),
            example(r#"number("0xdeadbeef", 16)"#, "3735928559"),
            example(r#"number("+1337")"#, "1337"),
            example(r#"number("-1337")"#, "-1337"),
            example(r#"number("  1337  ")"#, "1337"),
            example(r#"number(null)"#, "null"),
            example(r#"number(null, 16)"#, "null"),
            example(r#"number("0xdeadbeef", null)"#, "3735928559"),
            example(r#"number("1337", null)"#, "1337"),
        ],
        Arity::Between(1, 2),
        FunctionCode::new(&[Text, Integer], Some(ValueType::Float), number),
    ),
    Entry::new(
        "subtract",
        "subtract(minuend, subtrahend)",
        "The difference of two numbers. Null if either is null.",
        page!("subtract"),
        &[
            example(r#"subtract(10, 2)"#, "8"),
            example(r#"subtract(10.5, 0.5)"#, "10.0"),
            example(r#"subtract(1, 0.2)"#, "0.8"),
            example(r#"subtract(-2, 4)"#, "-6"),
            example(r#"subtract(null, 2)"#, "null"),
            example(r#"subtract(2, null)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Number, Number], None, |row, _| numbers(row, i64::checked_sub, |left, right| left - right)),
    ),
];

/// Two whole numbers give a whole one, or none where it does not fit; any others a float. Null gives null.
fn numbers<'a>(row: &[Cell<'a>], whole: fn(i64, i64) -> Option<i64>, float: fn(f64, f64) -> f64) -> Cell<'a> {
    match row {
        [Cell::Integer(left), Cell::Integer(right)] => whole(*left, *right).map(Cell::Integer).into(),
        [left, right] => match (left.as_float(), right.as_float()) {
            (Some(left), Some(right)) => Cell::Float(float(left, right)),
            _ => Cell::Null,
        },
        _ => Cell::Null,
    }
}

fn number<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let [Cell::Text(text), base @ ..] = row else { return Cell::Null };
    let text = text.trim();
    let hexadecimal = text.strip_prefix("0x");
    let base = match base.first().and_then(Cell::as_integer) {
        Some(base) => base,
        None if hexadecimal.is_some() => 16,
        None => 10,
    };
    let digits = hexadecimal.filter(|_| base == 16).unwrap_or(text);
    let Some(radix) = u32::try_from(base).ok().filter(|radix| (2..=36).contains(radix)) else { return Cell::Null };
    if let Ok(whole) = i64::from_str_radix(digits, radix) {
        return Cell::Integer(whole);
    }
    let decimal = (radix == 10).then(|| digits.parse::<f64>().ok()).flatten();
    decimal.filter(|number| number.is_finite()).map(Cell::Float).into()
}
