use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "bit_not",
        usage: "bit_not(number [, mask])",
        summary: "The bits that the number does not have, out of those that the mask has: 53 by default.",
        page: super::page::BITWISE,
        examples: &[Example { query: "bit_not(5, 15)", result: "10" }],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let mask = if row.len() > 1 { row.number(1).and_then(super::bits::of) } else { Some(super::bits::ALL) };
        match (row.number(0).and_then(super::bits::of), mask) {
            (Some(bits), Some(mask)) => number(Some((!bits & mask) as f64)),
            _ => Cell::Null,
        }
    })
}
