//! What the functions of two numbers share.
use mynah_kernels::Cell;

/// Two whole numbers give a whole one, or none where it does not fit; any others a float. Null gives null.
pub(super) fn binary<'a>(
    row: &[Cell<'a>],
    whole: impl Fn(i64, i64) -> Option<i64>,
    float: impl Fn(f64, f64) -> f64,
) -> Cell<'a> {
    match row {
        [Cell::Integer(left), Cell::Integer(right)] => whole(*left, *right).map(Cell::Integer).into(),
        [left, right] => match (left.as_float(), right.as_float()) {
            (Some(left), Some(right)) => Cell::Float(float(left, right)),
            _ => Cell::Null,
        },
        _ => Cell::Null,
    }
}
