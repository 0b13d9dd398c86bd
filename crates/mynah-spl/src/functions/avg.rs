use super::prelude::*;
use crate::expression::parse_number;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "avg",
        usage: "avg(number, ...)",
        summary: "The mean of the values that are numbers.",
        page: super::page::STATISTICAL,
        examples: &[Example { query: r#"avg(1, "3", "x")"#, result: "2" }],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Number, |row| {
        let numbers: Vec<f64> =
            (0..row.len()).flat_map(|index| row.values(index)).filter_map(|value| parse_number(&value)).collect();
        number((!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64))
    })
}
