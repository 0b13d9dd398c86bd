use super::prelude::*;
use crate::expression::parse_number;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sum",
        usage: "sum(number, ...)",
        summary: "The sum of the values that are numbers.",
        page: super::page::STATISTICAL,
        examples: &[Example { query: r#"sum(1, "2", "x")"#, result: "3" }],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let numbers = (0..row.len()).flat_map(|index| row.values(index)).filter_map(|value| parse_number(&value));
        number(numbers.reduce(|sum, value| sum + value))
    })
}
