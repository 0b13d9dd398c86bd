use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "max",
        usage: "max(value, ...)",
        summary: "The greatest of the values; texts are greater than numbers, and values that are null are left aside.",
        page: super::page::STATISTICAL,
        examples: &[
            Example { query: "max(1, 3, 2)", result: "3" },
            Example { query: r#"max(1, "foo", "4")"#, result: "foo" },
            Example { query: "max(null())", result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let values = call.all()?;
    let ty = if values.iter().all(|value| matches!(value.ty, Type::Number | Type::Null)) {
        Type::Number
    } else {
        Type::Text
    };
    call.row("", ty, move |row| {
        let values = (0..row.len()).flat_map(|index| row.values(index));
        let best =
            values.reduce(|best, value| if super::mixed_order::compare(&value, &best).is_gt() { value } else { best });
        match ty {
            Type::Number => number(best.and_then(|best| crate::expression::parse_number(&best))),
            _ => text(best),
        }
    })
}
