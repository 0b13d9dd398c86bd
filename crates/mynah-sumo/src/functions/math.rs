//! Math expressions. Null for what is no number.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/>
use super::Make::{self, One, Two};
use super::{function, unary};
use crate::plan::{Kind, read_number};
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::Cell;

/// A function of one number or of two.
macro_rules! math {
    ($usage:literal, $summary:literal, $page:literal, $call:literal, $result:literal, $code:expr) => {
        function(
            $usage,
            concat!($summary, " Null for what is no number."),
            page!("math-expressions/", $page),
            &[example($call, $result)],
            arity($code),
            $code,
        )
    };
}

const fn arity(code: Make) -> Arity {
    Arity::Exactly(if matches!(code, Two(_)) { 2 } else { 1 })
}

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    math!("abs(x)", "The absolute value.", "abs/", "abs(-3)", "3", One(f64::abs)),
    math!("acos(x)", "The angle of a cosine, in radians.", "acos/", "round(acos(0.5), 3)", "1.047", One(f64::acos)),
    math!("asin(x)", "The angle of a sine, in radians.", "asin/", "round(asin(0.5), 3)", "0.524", One(f64::asin)),
    math!("atan(x)", "The angle of a tangent, in radians.", "atan/", "round(atan(0.5), 3)", "0.464", One(f64::atan)),
    math!("cbrt(x)", "The cube root.", "cbrt/", "cbrt(27)", "3", One(f64::cbrt)),
    math!("ceil(x)", "The next whole number above.", "ceil/", "ceil(1.2)", "2", One(f64::ceil)),
    math!("cos(x)", "The cosine of an angle in radians.", "cos/", "round(cos(1), 3)", "0.54", One(f64::cos)),
    math!("cosh(x)", "The hyperbolic cosine.", "cosh/", "round(cosh(1), 3)", "1.543", One(f64::cosh)),
    math!("exp(x)", "Euler's number to this power.", "exp/", "round(exp(2), 3)", "7.389", One(f64::exp)),
    math!(
        "expm1(x)",
        "Euler's number to this power, less 1.",
        "expm1/",
        "round(expm1(2), 3)",
        "6.389",
        One(f64::exp_m1)
    ),
    math!("floor(x)", "The next whole number below.", "floor/", "floor(-1.2)", "-2", One(f64::floor)),
    math!("log(x)", "The natural logarithm.", "log/", "round(log(2), 3)", "0.693", One(f64::ln)),
    math!("log10(x)", "The logarithm to the base 10.", "log10/", "log10(1000)", "3", One(f64::log10)),
    math!("log1p(x)", "The natural logarithm of 1 more.", "log1p/", "round(log1p(2), 3)", "1.099", One(f64::ln_1p)),
    math!("sin(x)", "The sine of an angle in radians.", "sin/", "round(sin(1), 3)", "0.841", One(f64::sin)),
    math!("sinh(x)", "The hyperbolic sine.", "sinh/", "round(sinh(1), 3)", "1.175", One(f64::sinh)),
    math!("sqrt(x)", "The square root.", "sqrt/", "sqrt(16)", "4", One(f64::sqrt)),
    math!("tan(x)", "The tangent of an angle in radians.", "tan/", "round(tan(1), 3)", "1.557", One(f64::tan)),
    math!("tanh(x)", "The hyperbolic tangent.", "tanh/", "round(tanh(1), 3)", "0.762", One(f64::tanh)),
    math!(
        "toDegrees(x)",
        "An angle in radians as degrees.",
        "todegrees/",
        "round(toDegrees(1), 3)",
        "57.296",
        One(f64::to_degrees)
    ),
    math!(
        "toRadians(x)",
        "An angle in degrees as radians.",
        "toradians/",
        "round(toRadians(180), 3)",
        "3.142",
        One(f64::to_radians)
    ),
    math!(
        "atan2(y, x)",
        "The angle of a point, in radians.",
        "atan2",
        "round(atan2(1, 3), 3)",
        "0.322",
        Two(f64::atan2)
    ),
    math!("hypot(x, y)", "The root of the sum of two squares.", "hypot", "hypot(3, 4)", "5", Two(f64::hypot)),
    math!(
        "max(x, y)",
        "The greater of two numbers; with one argument `max` is the aggregate.",
        "",
        "max(2, \"3\")",
        "3",
        Two(f64::max)
    ),
    math!(
        "min(x, y)",
        "The lesser of two numbers; with one argument `min` is the aggregate.",
        "",
        "min(2, \"3\")",
        "2",
        Two(f64::min)
    ),
    math!("pow(x, y)", "The first number to the power of the second.", "", "pow(2, 8)", "256", Two(f64::powf)),
    Entry {
        aliases: &["isInfinity"],
        ..unary(
            "isInfinite(x)",
            "Whether a calculation gave an infinite number, as 1 / 0 does.",
            page!("math-expressions/isnan-isinfinity/"),
            &[example("isInfinite(1 / 0)", "true"), example("isInfinite(1)", "false")],
            Make::Rows(&[Kind::Number], Kind::Boolean, |row| {
                Cell::Boolean(matches!(row, [Cell::Float(x)] if x.is_infinite()))
            }),
        )
    },
    unary(
        "isNaN(value)",
        "Whether a value is no number, as `abc` and the result of 0 / 0 are. Null of null and of a blank text.",
        page!("math-expressions/isnan-isinfinity/"),
        &[
            example("isNaN(0 / 0)", "true"),
            example("isNaN(1)", "false"),
            example("isNaN(\"abc\")", "true"),
            example("isNaN(\"1.5\")", "false"),
            example("isNaN(\" \")", "null"),
        ],
        Make::Rows(&[Kind::Text], Kind::Boolean, |row| match row {
            [Cell::Text(text)] if !text.trim().is_empty() => Cell::Boolean(read_number(text).is_none_or(f64::is_nan)),
            _ => Cell::Null,
        }),
    ),
    function(
        "round(x [, places])",
        "The nearest whole number, or the nearest with so many decimal places. Null for what is no number.",
        page!("math-expressions/round/"),
        &[example("round(1.549, 2)", "1.55"), example("round(2.5)", "3"), example("round(-2.5)", "-2")],
        Arity::Between(1, 2),
        Make::Rows(&[Kind::Number, Kind::Integer], Kind::Number, round),
    ),
    function(
        "haversine(latitude, longitude, latitude, longitude)",
        "The distance between two places on the globe in kilometres.",
        page!("search-operators/haversine/"),
        &[example("round(haversine(39.04380, -77.48790, 45.73723, -119.81143), 2)", "3512.71")],
        Arity::Exactly(4),
        Make::Rows(&[Kind::Number], Kind::Number, haversine),
    ),
];

fn round<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (number, places) = match row {
        [Cell::Float(number)] => (*number, 0),
        [Cell::Float(number), Cell::Integer(places)] => (*number, (*places).clamp(0, 15)),
        _ => return Cell::Null,
    };
    // Halves go up, as in Java's `Math.round`.
    let scale = 10f64.powi(places as i32);
    Cell::Float((number * scale + 0.5).floor() / scale)
}

/// The radius with which the page's example comes out, in kilometres.
const EARTH_RADIUS: f64 = 6372.8;

fn haversine<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Float(lat1), Cell::Float(lon1), Cell::Float(lat2), Cell::Float(lon2)] = row else { return Cell::Null };
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let a = half(*lat1, *lat2) + lat1.to_radians().cos() * lat2.to_radians().cos() * half(*lon1, *lon2);
    Cell::Float(2.0 * EARTH_RADIUS * a.sqrt().asin())
}
