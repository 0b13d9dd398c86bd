use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "bit_shift_right",
        usage: "bit_shift_right(number, shift)",
        summary: "The bits of a whole number moved to the right by so many places.",
        page: super::page::BITWISE,
        examples: &[Example { query: "bit_shift_right(16, 4)", result: "1" }],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        match (row.number(0).and_then(super::bits::of), row.number(1).and_then(super::bits::of)) {
            (Some(bits), Some(shift @ 0..=52)) => number(Some((bits >> shift) as f64)),
            (Some(_), Some(_)) => Cell::Float(0.0),
            _ => Cell::Null,
        }
    })
}
