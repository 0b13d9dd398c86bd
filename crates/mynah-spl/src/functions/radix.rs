//! Numbers in a base from 2 to 36.

use crate::expression::{Typed, parse_number};

/// The base that a constant argument names.
pub(super) fn base(argument: &Typed) -> Option<u32> {
    let number = argument.as_literal_number().or_else(|| argument.as_literal_text().and_then(parse_number))?;
    (number.fract() == 0.0 && (2.0..=36.0).contains(&number)).then_some(number as u32)
}

/// The number that a text is in a base; hexadecimal ones may begin with `0x`.
pub(super) fn parse(text: &str, base: u32) -> Option<f64> {
    if base == 10 {
        return parse_number(text);
    }
    let digits =
        if base == 16 { text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text) } else { text };
    i64::from_str_radix(digits, base).ok().map(|number| number as f64)
}
