use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvindex",
        usage: "mvindex(values, start [, end])",
        summary: "The value at a place, from 0, or from the end where negative; with an end, the values from one place to the other. Null where there is none.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mvindex(split("a,b,c", ","), 1)"#, result: "b" },
            Example { query: r#"mvindex(split("a,b,c", ","), -1)"#, result: "c" },
            Example { query: r#"mvindex(split("a,b,c", ","), 1, 2)"#, result: r#"["b","c"]"# },
            Example { query: r#"mvindex(split("a,b,c", ","), 0, -2)"#, result: r#"["a","b"]"# },
            Example { query: r#"mvindex("a", 3)"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let ty = if call.arguments.len() == 2 { Type::Text } else { Type::Multi };
    call.row("", ty, move |row| {
        let values = row.values(0);
        let place = |index: i64| {
            let place = if index < 0 { values.len() as i64 + index } else { index };
            usize::try_from(place).ok()
        };
        let Some(start) = row.integer(1).and_then(place) else { return Cell::Null };
        if row.len() == 2 {
            return text(values.get(start).cloned());
        }
        let Some(end) = row.integer(2).and_then(place) else { return Cell::Null };
        Cell::texts(values.iter().take(end.saturating_add(1)).skip(start).map(|value| value.to_string()))
    })
}
