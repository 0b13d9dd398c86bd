use super::prelude::*;
use std::cmp::Ordering;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "min",
        usage: "min(value, ...)",
        summary: "The least of the values; texts are greater than numbers, and values that are null are left aside.",
        page: super::page::STATISTICAL,
        examples: &[
            Example { query: "min(1, 3, 2)", result: "1" },
            Example { query: r#"min(1, "foo", "4")"#, result: "1" },
            Example { query: "min(null())", result: "null" },
        ],
    },
    aliases: &[],
    arguments: (1, None),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    super::extreme::extreme(call, Ordering::is_lt)
}
