use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "tonumber",
        usage: "tonumber(text [, base])",
        summary: "The number that the text is in the base, 10 by default, from 2 to 36; null where it is none.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"tonumber("0A4", 16)"#, result: "164" },
            Example { query: r#"tonumber("1.5")"#, result: "1.5" },
            Example { query: r#"tonumber("101", 2)"#, result: "5" },
            Example { query: r#"tonumber("seven")"#, result: "null" },
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
            None => return Err(call.error(1, "the base of `tonumber` is a whole number from 2 to 36")),
        },
        _ => 10,
    };
    let value = call.argument(0)?;
    if base == 10 && value.ty != Type::Multi {
        return Ok(Typed::new(value.into_number(), Type::Number));
    }
    call.each(&base.to_string(), Type::Number, move |row| {
        number(row.text(0).and_then(|text| super::radix::parse(&text, base)))
    })
}
