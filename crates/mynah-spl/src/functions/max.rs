use super::prelude::*;
use std::cmp::Ordering;

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
    super::extreme::extreme(call, Ordering::is_gt)
}
