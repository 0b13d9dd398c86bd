//! Math expressions. Null for what is no number.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/math-expressions/>
use super::{Make, function, unary};
use crate::plan::Kind;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::Cell;

/// A function of one number or of two.
macro_rules! math {
    ($name:literal, $arguments:literal, $summary:literal, $page:literal, $call:literal, $result:literal, $arity:literal, $code:expr) => {
        function(
            concat!($name, $arguments),
            concat!($summary, " Null for what is no number."),
            page!("math-expressions/", $page),
            &[example($call, $result)],
            Arity::Exactly($arity),
            $code,
        )
    };
}

/// A function of one number, with the page of its name.
macro_rules! one {
    ($name:literal, $summary:literal, $page:literal, $call:literal, $result:literal, $code:expr) => {
        math!($name, "(x)", $summary, $page, $call, $result, 1, Make::One($code))
    };
}

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    one!("abs", "The absolute value.", "abs/", "abs(-3)", "3", f64::abs),
    one!("acos", "The angle of a cosine, in radians.", "acos/", "round(acos(0.5), 3)", "1.047", f64::acos),
    one!("asin", "The angle of a sine, in radians.", "asin/", "round(asin(0.5), 3)", "0.524", f64::asin),
    one!("atan", "The angle of a tangent, in radians.", "atan/", "round(atan(0.5), 3)", "0.464", f64::atan),
    one!("cbrt", "The cube root.", "cbrt/", "cbrt(27)", "3", f64::cbrt),
    one!("ceil", "The next whole number above.", "ceil/", "ceil(1.2)", "2", f64::ceil),
    one!("cos", "The cosine of an angle in radians.", "cos/", "round(cos(1), 3)", "0.54", f64::cos),
    one!("cosh", "The hyperbolic cosine.", "cosh/", "round(cosh(1), 3)", "1.543", f64::cosh),
    one!("exp", "Euler's number to this power.", "exp/", "round(exp(2), 3)", "7.389", f64::exp),
    one!("expm1", "Euler's number to this power, less 1.", "expm1/", "round(expm1(2), 3)", "6.389", f64::exp_m1),
    one!("floor", "The next whole number below.", "floor/", "floor(-1.2)", "-2", f64::floor),
    one!("log", "The natural logarithm.", "log/", "round(log(2), 3)", "0.693", f64::ln),
    one!("log10", "The logarithm to the base 10.", "log10/", "log10(1000)", "3", f64::log10),
    one!("log1p", "The natural logarithm of 1 more.", "log1p/", "round(log1p(2), 3)", "1.099", f64::ln_1p),
    one!("sin", "The sine of an angle in radians.", "sin/", "round(sin(1), 3)", "0.841", f64::sin),
    one!("sinh", "The hyperbolic sine.", "sinh/", "round(sinh(1), 3)", "1.175", f64::sinh),
    one!("sqrt", "The square root.", "sqrt/", "sqrt(16)", "4", f64::sqrt),
    one!("tan", "The tangent of an angle in radians.", "tan/", "round(tan(1), 3)", "1.557", f64::tan),
    one!("tanh", "The hyperbolic tangent.", "tanh/", "round(tanh(1), 3)", "0.762", f64::tanh),
    one!(
        "toDegrees",
        "An angle in radians as degrees.",
        "todegrees/",
        "round(toDegrees(1), 3)",
        "57.296",
        f64::to_degrees
    ),
    one!(
        "toRadians",
        "An angle in degrees as radians.",
        "toradians/",
        "round(toRadians(180), 3)",
        "3.142",
        f64::to_radians
    ),
    math!(
        "atan2",
        "(y, x)",
        "The angle of a point, in radians.",
        "atan2",
        "round(atan2(1, 3), 3)",
        "0.322",
        2,
        Make::Two(f64::atan2)
    ),
    math!(
        "hypot",
        "(x, y)",
        "The root of the sum of two squares.",
        "hypot",
        "hypot(3, 4)",
        "5",
        2,
        Make::Two(f64::hypot)
    ),
    math!(
        "max",
        "(x, y)",
        "The greater of two numbers; with one argument `max` is the aggregate.",
        "",
        "max(2, \"3\")",
        "3",
        2,
        Make::Two(f64::max)
    ),
    math!(
        "min",
        "(x, y)",
        "The lesser of two numbers; with one argument `min` is the aggregate.",
        "",
        "min(2, \"3\")",
        "2",
        2,
        Make::Two(f64::min)
    ),
    math!(
        "pow",
        "(x, y)",
        "The first number to the power of the second.",
        "",
        "pow(2, 8)",
        "256",
        2,
        Make::Two(f64::powf)
    ),
    Entry {
        aliases: &["isInfinity"],
        ..function(
            "isInfinite(x)",
            "Whether a calculation gave an infinite number, as 1 / 0 does.",
            page!("math-expressions/isnan-isinfinity/"),
            &[example("isInfinite(1 / 0)", "true"), example("isInfinite(1)", "false")],
            Arity::Exactly(1),
            Make::Rows(&[Kind::Number], Kind::Boolean, |row| {
                Cell::Boolean(matches!(row, [Cell::Float(x)] if x.is_infinite()))
            }),
        )
    },
    unary(
        "isNaN(x)",
        "Whether a calculation gave no number, as 0 / 0 does.",
        page!("math-expressions/isnan-isinfinity/"),
        &[example("isNaN(0 / 0)", "true"), example("isNaN(1)", "false")],
        Make::Rows(&[Kind::Number], Kind::Boolean, |row| Cell::Boolean(matches!(row, [Cell::Float(x)] if x.is_nan()))),
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
        &[example("round(haversine(52.52, 13.405, 48.8566, 2.3522))", "877")],
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

const EARTH_RADIUS: f64 = 6371.0;

fn haversine<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Float(lat1), Cell::Float(lon1), Cell::Float(lat2), Cell::Float(lon2)] = row else { return Cell::Null };
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let a = half(*lat1, *lat2) + lat1.to_radians().cos() * lat2.to_radians().cos() * half(*lon1, *lon2);
    Cell::Float(2.0 * EARTH_RADIUS * a.sqrt().asin())
}
