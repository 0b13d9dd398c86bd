use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "todouble",
        usage: "todouble(value [, base])",
        summary: "The number that the value is in the base, 10 by default.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"todouble("4.5")"#, result: "4.5" },
            Example { query: r#"todouble("10", 2)"#, result: "2" },
        ],
    },
    aliases: &[],
    arguments: (1, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let base = match call.arguments.len() {
        2 => match super::radix::base(&call.argument(1)?) {
            Some(base) => base,
            None => return Err(call.error(1, "the base of `todouble` is a whole number from 2 to 36")),
        },
        _ => 10,
    };
    call.each(&base.to_string(), Type::Number, move |row| {
        number(row.text(0).and_then(|text| super::radix::parse(&text, base)))
    })
}
