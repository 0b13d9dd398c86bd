use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvzip",
        usage: "mvzip(values, others [, delimiter])",
        summary: "The first value of both, the second of both and so on, each pair as one text with the delimiter (a comma by default) between; as many as the shorter has.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mvzip(split("a,b", ","), split("1,2,3", ","))"#, result: r#"["a,1","b,2"]"# },
            Example { query: r#"mvzip("a", "1", "|")"#, result: r#"["a|1"]"# },
        ],
    },
    aliases: &[],
    arguments: (2, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let delimiter = if row.len() > 2 { row.text(2) } else { Some(",".into()) };
        let Some(delimiter) = delimiter else { return Cell::Null };
        let pairs = row.values(0).into_iter().zip(row.values(1));
        Cell::texts(pairs.map(|(left, right)| format!("{left}{delimiter}{right}")))
    })
}
