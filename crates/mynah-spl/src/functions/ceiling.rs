use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "ceiling",
        usage: "ceiling(number)",
        summary: "The next whole number up.",
        page: super::page::MATHEMATICAL,
        examples: &[Example { query: "ceiling(1.9)", result: "2" }, Example { query: "ceil(-1.1)", result: "-1" }],
    },
    aliases: &["ceil"],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| number(row.number(0).map(f64::ceil)))
}
