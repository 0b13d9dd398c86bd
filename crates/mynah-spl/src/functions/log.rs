use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "log",
        usage: "log(number [, base])",
        summary: "The logarithm to the base, 10 by default.",
        page: super::page::MATHEMATICAL,
        examples: &[
            Example { query: "log(1000)", result: "3" },
            Example { query: "log(8, 2)", result: "3" },
            Example { query: "log(-1)", result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let Some(value) = row.number(0) else { return Cell::Null };
        number(match row.len() {
            // Exact where the base has a function of its own.
            1 => Some(value.log10()),
            _ => row.number(1).map(|base| {
                if base == 2.0 {
                    value.log2()
                } else if base == 10.0 {
                    value.log10()
                } else {
                    value.log(base)
                }
            }),
        })
    })
}
