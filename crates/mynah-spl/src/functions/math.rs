//! Arithmetic, trigonometry and figures of a row's numbers.
use super::prelude::*;
use crate::expression::{Expression, ExpressionKind, mixed_order, parse_number, significant};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::Volatility;
use mynah_kernels::{Code, Function, Resources};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

family!(function, "MathematicalFunctions");
family!(trigonometry, "TrigonometryandHyperbolicFunctions");
family!(statistics, "StatisticalFunctions");

pub(super) static MATH: [Entry; 31] = [
    function(
        "abs(number)",
        "The number without its sign.",
        &[example("abs(-3)", "3"), example(r#"abs("x")"#, "null")],
        Exactly(1),
        Number(f64::abs),
    ),
    trigonometry(
        "acos(number)",
        "The arc cosine; angles are in radians.",
        &[example("round(acos(0.5), 6)", "1.047198")],
        Exactly(1),
        Number(f64::acos),
    ),
    trigonometry(
        "acosh(number)",
        "The inverse hyperbolic cosine; angles are in radians.",
        &[example("round(acosh(2), 6)", "1.316958")],
        Exactly(1),
        Number(f64::acosh),
    ),
    trigonometry(
        "asin(number)",
        "The arc sine; angles are in radians.",
        &[example("round(asin(0.5), 6)", "0.523599")],
        Exactly(1),
        Number(f64::asin),
    ),
    trigonometry(
        "asinh(number)",
        "The inverse hyperbolic sine; angles are in radians.",
        &[example("round(asinh(2), 6)", "1.443635")],
        Exactly(1),
        Number(f64::asinh),
    ),
    trigonometry(
        "atan(number)",
        "The arc tangent; angles are in radians.",
        &[example("round(atan(2), 6)", "1.107149")],
        Exactly(1),
        Number(f64::atan),
    ),
    trigonometry(
        "atan2(y, x)",
        "The angle of the point (x, y), in radians.",
        &[example("round(atan2(1, 2), 6)", "0.463648")],
        Exactly(2),
        Numbers(f64::atan2),
    ),
    trigonometry(
        "atanh(number)",
        "The inverse hyperbolic tangent; angles are in radians.",
        &[example("round(atanh(0.5), 6)", "0.549306")],
        Exactly(1),
        Number(f64::atanh),
    ),
    statistics(
        "avg(number, ...)",
        "The mean of the values that are numbers.",
        &[example(r#"avg(1, 3, split("8,x", ","))"#, "4")],
        AtLeast(1),
        PlanRow(of_numbers, |row| {
            let numbers: Vec<f64> = row.all_values().filter_map(|value| parse_number(&value)).collect();
            number((!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64))
        }),
    ),
    aliased(
        &["ceil"],
        function(
            "ceiling(number)",
            "The next whole number up.",
            &[example("ceiling(1.9)", "2"), example("ceil(-1.1)", "-1")],
            Exactly(1),
            Number(f64::ceil),
        ),
    ),
    trigonometry(
        "cos(number)",
        "The cosine; angles are in radians.",
        &[example("round(cos(2), 6)", "-0.416147")],
        Exactly(1),
        Number(f64::cos),
    ),
    trigonometry(
        "cosh(number)",
        "The hyperbolic cosine; angles are in radians.",
        &[example("round(cosh(2), 6)", "3.762196")],
        Exactly(1),
        Number(f64::cosh),
    ),
    function(
        "exact(expression)",
        "The expression with all its digits: where it is an operand, the other operands decide how many digits the result has.",
        &[example("exact(3.14 * 2)", "6.28")],
        Exactly(1),
        Plan(|call| call.argument(0)),
    ),
    function(
        "exp(number)",
        "e to the power of the number.",
        &[example("round(exp(2), 6)", "7.389056")],
        Exactly(1),
        Number(f64::exp),
    ),
    function(
        "floor(number)",
        "The next whole number down.",
        &[example("floor(1.9)", "1"), example("floor(-1.1)", "-2")],
        Exactly(1),
        Number(f64::floor),
    ),
    trigonometry(
        "hypot(x, y)",
        "The length of the hypotenuse of a right triangle with these sides.",
        &[example("hypot(3, 4)", "5")],
        Exactly(2),
        Numbers(f64::hypot),
    ),
    function(
        "ln(number)",
        "The natural logarithm; null of what has none.",
        &[example("round(ln(2), 6)", "0.693147"), example("ln(-1)", "null")],
        Exactly(1),
        Number(f64::ln),
    ),
    function(
        "log(number [, base])",
        "The logarithm to the base, 10 by default.",
        &[example("log(1000)", "3"), example("log(8, 2)", "3"), example("log(-1)", "null")],
        Between(1, 2),
        Row(Type::Number, |row| {
            let Some(value) = row.number(0) else { return Cell::Null };
            number(match row.len() {
                // Exact where the base has a function of its own.
                1 => Some(value.log10()),
                _ => row.number(1).map(|base| {
                    if base == 2.0 {
                        value.log2()
                    } else if base == 10.0 {
                        value.log10()
                    } else {
                        value.log(base)
                    }
                }),
            })
        }),
    ),
    statistics(
        "max(value, ...)",
        "The greatest of the values; texts are greater than numbers, and values that are null are left aside.",
        &[example("max(1, 3, 2)", "3"), example(r#"max(1, "foo", "4")"#, "foo"), example("max(null())", "null")],
        AtLeast(1),
        PlanRow(extreme, |row| best(row, Ordering::is_gt)),
    ),
    statistics(
        "min(value, ...)",
        "The least of the values; texts are greater than numbers, and values that are null are left aside.",
        &[example("min(1, 3, 2)", "1"), example(r#"min(1, "foo", "4")"#, "1"), example("min(null())", "null")],
        AtLeast(1),
        PlanRow(extreme, |row| best(row, Ordering::is_lt)),
    ),
    function(
        "pi()",
        "The constant pi, to 11 digits.",
        &[example("pi()", "3.14159265358")],
        Exactly(0),
        Plan(|_| Ok(Typed::number(PI))),
    ),
    function(
        "pow(number, exponent)",
        "The number to the power of the exponent.",
        &[example("pow(2, 10)", "1024"), example("pow(-1, 0.5)", "null")],
        Exactly(2),
        Numbers(f64::powf),
    ),
    function(
        "random()",
        "A random whole number from 0 to 2147483647, another in every row.",
        &[example("isint(random())", "true"), example("random() <= 2147483647", "true")],
        Exactly(0),
        Plan(|call| {
            // DataFusion's functions of no argument at all give one value; any column makes it one a row.
            let column = call.scope.columns().next().map(|(name, _)| mynah_dialect::column(name));
            Ok(Typed::new(mynah_kernels::call(Random, vec![column.unwrap_or(Typed::null().expr)]), Type::Number))
        }),
    ),
    function(
        "round(number [, decimals])",
        "The number rounded to so many decimals, none by default; halves away from zero.",
        &[
            example("round(3.5)", "4"),
            example("round(2.555, 2)", "2.56"),
            example("round(-2.5)", "-3"),
            example(r#"round("x")"#, "null"),
        ],
        Between(1, 2),
        Row(Type::Number, |row| {
            let decimals = if row.len() > 1 { row.integer(1) } else { Some(0) };
            match (row.number(0), decimals) {
                (Some(value), Some(decimals)) => number(Some(round(value, decimals.clamp(-300, 300) as i32))),
                _ => Cell::Null,
            }
        }),
    ),
    function(
        "sigfig(calculation)",
        "The result with the digits that count: as many as the least precise factor has; in sums as many decimals.",
        &[
            example("sigfig(1.00 * 1111)", "1110"),
            example("sigfig(123.0 + 4.567)", "127.6"),
            example("sigfig(3.990000000000215 * 1.00)", "3.99"),
        ],
        Exactly(1),
        Plan(|call| match call.arguments.first() {
            Some(calculation) => significant(calculation, call.scope),
            None => call.argument(0),
        }),
    ),
    trigonometry(
        "sin(number)",
        "The sine; angles are in radians.",
        &[example("round(sin(2), 6)", "0.909297")],
        Exactly(1),
        Number(f64::sin),
    ),
    trigonometry(
        "sinh(number)",
        "The hyperbolic sine; angles are in radians.",
        &[example("round(sinh(2), 6)", "3.62686")],
        Exactly(1),
        Number(f64::sinh),
    ),
    function(
        "sqrt(number)",
        "The square root; null of a negative number.",
        &[example("sqrt(9)", "3"), example("sqrt(-1)", "null")],
        Exactly(1),
        Number(f64::sqrt),
    ),
    statistics(
        "sum(number, ...)",
        "The sum of the values that are numbers.",
        &[example(r#"sum(1, split("2,x", ","))"#, "3")],
        AtLeast(1),
        PlanRow(of_numbers, |row| {
            number(row.all_values().filter_map(|value| parse_number(&value)).reduce(|sum, value| sum + value))
        }),
    ),
    trigonometry(
        "tan(number)",
        "The tangent; angles are in radians.",
        &[example("round(tan(2), 6)", "-2.18504")],
        Exactly(1),
        Number(f64::tan),
    ),
    trigonometry(
        "tanh(number)",
        "The hyperbolic tangent; angles are in radians.",
        &[example("round(tanh(2), 6)", "0.964028")],
        Exactly(1),
        Number(f64::tanh),
    ),
];

/// 2.555 is a little less in binary and still rounds to 2.56: a nudge by the last bits makes up for it.
pub(crate) fn round(value: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    let rounded = (value * factor * (1.0 + 4.0 * f64::EPSILON)).round() / factor;
    if rounded.is_finite() { rounded } else { value }
}

/// As many digits as the product gives, which are not all that a double holds.
#[allow(clippy::approx_constant)]
const PI: f64 = 3.141_592_653_58;

/// `sum` and `avg`: the values of fields count where they are numbers, and texts of the query are refused.
fn of_numbers(call: &Call<'_>) -> Lowered {
    let is_text = |argument: &Expression| matches!(argument.kind, ExpressionKind::Text(_));
    match call.arguments.iter().position(is_text) {
        Some(place) => {
            let message = format!("`{}` takes numbers and fields, no texts", call.name);
            Err(call.error(place, message).with_help("`tonumber` makes a number of a text"))
        }
        None => call.row(RowCall::new(Type::Number)),
    }
}

/// `max` and `min`: numbers where all arguments are, else texts.
fn extreme(call: &Call<'_>) -> Lowered {
    let numbers = call.all()?.iter().all(|value| matches!(value.ty, Type::Number | Type::Null));
    let value = call.row(RowCall::new(Type::Text))?;
    Ok(if numbers { Typed::new(value.into_number(), Type::Number) } else { value })
}

/// The value that is `better` than all others, in the order of mixed values; nulls are left aside.
fn best(row: &super::Row<'_>, better: fn(Ordering) -> bool) -> Cell<'static> {
    text(row.all_values().reduce(|best, value| if better(mixed_order(&value, &best)) { value } else { best }))
}

/// `random()`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Random;

impl Function for Random {
    const NAME: &'static str = "spl.random";

    fn returns(&self) -> DataType {
        DataType::Float64
    }

    fn volatility(&self) -> Volatility {
        Volatility::Volatile
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let state = AtomicU64::new(std::hash::RandomState::new().hash_one(0));
        Ok(Code::row(move |_| {
            // SplitMix64: good enough for sampling, and the reference names no generator.
            let mut mixed = state.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            Cell::Float(((mixed ^ (mixed >> 31)) >> 33) as f64)
        }))
    }
}
