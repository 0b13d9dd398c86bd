//! Bits of whole numbers that a double holds exactly.
use super::prelude::*;

family!(function, "BitwiseFunctions");

pub(super) static BITS: [Entry; 6] = [
    function(
        "bit_and(number, number, ...)",
        "The bits of whole numbers from 0 to 2^53-1 combined; null where one is none.",
        &[example("bit_and(12, 9)", "8"), example(r#"bit_and(12, "x")"#, "null")],
        AtLeast(2),
        Row(Type::Number, |row| combined(row, |left, right| left & right)),
    ),
    function(
        "bit_not(number [, mask])",
        "The bits that the number does not have, out of those that the mask has: 53 by default.",
        &[example("bit_not(5, 15)", "10")],
        Between(1, 2),
        Row(Type::Number, |row| {
            let mask = if row.len() > 1 { bits(row, 1) } else { Some(ALL) };
            number(bits(row, 0).zip(mask).map(|(bits, mask)| (!bits & mask) as f64))
        }),
    ),
    function(
        "bit_or(number, number, ...)",
        "The bits of whole numbers from 0 to 2^53-1 combined; null where one is none.",
        &[example("bit_or(12, 9)", "13"), example(r#"bit_or(12, "x")"#, "null")],
        AtLeast(2),
        Row(Type::Number, |row| combined(row, |left, right| left | right)),
    ),
    function(
        "bit_shift_left(number, shift)",
        "The bits of a whole number moved to the left by so many places.",
        &[example("bit_shift_left(1, 4)", "16")],
        Exactly(2),
        Row(Type::Number, |row| shifted(row, |bits, places| (bits << places) & ALL)),
    ),
    function(
        "bit_shift_right(number, shift)",
        "The bits of a whole number moved to the right by so many places.",
        &[example("bit_shift_right(16, 4)", "1")],
        Exactly(2),
        Row(Type::Number, |row| shifted(row, |bits, places| bits >> places)),
    ),
    function(
        "bit_xor(number, number, ...)",
        "The bits of whole numbers from 0 to 2^53-1 combined; null where one is none.",
        &[example("bit_xor(12, 9)", "5"), example(r#"bit_xor(12, "x")"#, "null")],
        AtLeast(2),
        Row(Type::Number, |row| combined(row, |left, right| left ^ right)),
    ),
];

/// All bits that such a number can have.
const ALL: u64 = (1 << 53) - 1;

/// An argument's bits, if it is a whole number from 0 to 2^53-1.
fn bits(row: &super::Row<'_>, index: usize) -> Option<u64> {
    let number = row.number(index)?;
    (number.fract() == 0.0 && (0.0..=ALL as f64).contains(&number)).then_some(number as u64)
}

fn combined(row: &super::Row<'_>, with: fn(u64, u64) -> u64) -> Cell<'static> {
    let bits: Option<Vec<u64>> = (0..row.len()).map(|index| bits(row, index)).collect();
    number(bits.and_then(|bits| bits.into_iter().reduce(with)).map(|bits| bits as f64))
}

fn shifted(row: &super::Row<'_>, shift: fn(u64, u64) -> u64) -> Cell<'static> {
    let shifted = |(bits, places)| if places <= 52 { shift(bits, places) as f64 } else { 0.0 };
    number(bits(row, 0).zip(bits(row, 1)).map(shifted))
}
