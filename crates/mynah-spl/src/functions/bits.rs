//! What the bitwise functions work on: whole numbers that a double holds exactly.

/// All bits that such a number can have.
pub(super) const ALL: u64 = (1 << 53) - 1;

/// A number's bits, if it is a whole one from 0 to 2^53-1.
pub(super) fn of(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..=ALL as f64).contains(&number)).then_some(number as u64)
}
