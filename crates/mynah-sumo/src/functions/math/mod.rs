//! Math expressions.
mod abs;
mod acos;
mod asin;
mod atan;
mod atan2;
mod cbrt;
mod ceil;
mod cos;
mod cosh;
mod exp;
mod expm1;
mod floor;
mod hypot;
mod isinfinite;
mod isnan;
mod log;
mod log10;
mod log1p;
mod max;
mod min;
mod pow;
mod round;
mod sin;
mod sinh;
mod sqrt;
mod tan;
mod tanh;
mod todegrees;
mod toradians;

use super::Function;
use mynah_kernels::Cell;

pub(crate) const FUNCTIONS: &[Function] = &[
    abs::FUNCTION,
    acos::FUNCTION,
    asin::FUNCTION,
    atan::FUNCTION,
    atan2::FUNCTION,
    cbrt::FUNCTION,
    ceil::FUNCTION,
    cos::FUNCTION,
    cosh::FUNCTION,
    exp::FUNCTION,
    expm1::FUNCTION,
    floor::FUNCTION,
    hypot::FUNCTION,
    isinfinite::FUNCTION,
    isnan::FUNCTION,
    log::FUNCTION,
    log10::FUNCTION,
    log1p::FUNCTION,
    max::FUNCTION,
    min::FUNCTION,
    pow::FUNCTION,
    round::FUNCTION,
    sin::FUNCTION,
    sinh::FUNCTION,
    sqrt::FUNCTION,
    tan::FUNCTION,
    tanh::FUNCTION,
    todegrees::FUNCTION,
    toradians::FUNCTION,
];

fn of_one<'a>(row: &[Cell<'a>], compute: impl Fn(f64) -> f64) -> Cell<'a> {
    match row {
        [Cell::Float(x)] => Cell::Float(compute(*x)),
        _ => Cell::Null,
    }
}

fn of_two<'a>(row: &[Cell<'a>], compute: impl Fn(f64, f64) -> f64) -> Cell<'a> {
    match row {
        [Cell::Float(x), Cell::Float(y)] => Cell::Float(compute(*x, *y)),
        _ => Cell::Null,
    }
}
