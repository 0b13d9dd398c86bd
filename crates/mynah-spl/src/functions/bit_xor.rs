use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "bit_xor",
        usage: "bit_xor(number, number, ...)",
        summary: "The bits of whole numbers from 0 to 2^53-1 combined; null where one is none.",
        page: super::page::BITWISE,
        examples: &[
            Example { query: "bit_xor(12, 9)", result: "5" },
            Example { query: r#"bit_xor(12, "x")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let bits: Option<Vec<u64>> = (0..row.len()).map(|index| row.number(index).and_then(super::bits::of)).collect();
        number(bits.and_then(|bits| bits.into_iter().reduce(|left, right| left ^ right)).map(|bits| bits as f64))
    })
}
