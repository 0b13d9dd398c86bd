use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "abs",
        usage: "abs(number)",
        summary: "The number without its sign.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "abs(-3)", result: "3" }, Example { query: r#"abs("x")"#, result: "null" }],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::abs)))
}
