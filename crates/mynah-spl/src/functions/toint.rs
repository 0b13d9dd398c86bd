use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "toint",
        usage: "toint(value [, base])",
        summary: "The whole number that the value is in the base, 10 by default; fractions are cut off towards the lower number.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"toint("42")"#, result: "42" },
            Example { query: "toint(3.9)", result: "3" },
            Example { query: r#"toint("ff", 16)"#, result: "255" },
            Example { query: r#"toint("x")"#, result: "null" },
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
            None => return Err(call.error(1, "the base of `toint` is a whole number from 2 to 36")),
        },
        _ => 10,
    };
    call.each(&base.to_string(), Type::Number, move |row| {
        number(row.text(0).and_then(|text| super::radix::parse(&text, base)).map(f64::floor))
    })
}
