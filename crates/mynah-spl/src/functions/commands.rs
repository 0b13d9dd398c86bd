use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "commands",
        usage: "commands(search)",
        summary: "The names of the commands that a search text consists of.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example {
                query: r#"commands("search foo | stats count | sort count")"#,
                result: r#"["search","stats","sort"]"#,
            },
            Example { query: r#"commands("error | head 1")"#, result: r#"["search","head"]"# },
        ],
    },
    aliases: &[],
    arguments: (1, Some(1)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let Some(search) = row.text(0) else { return Cell::Null };
        let generating = search.trim_start().starts_with('|');
        let stages = super::pipe_split::stages(&search);
        Cell::texts(stages.into_iter().enumerate().filter_map(|(index, stage)| {
            let word: String = stage.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            match index {
                // What stands before the first pipe is a search, whether it says so or not.
                0 if generating => None,
                0 if !word.eq_ignore_ascii_case("search") => Some("search".to_owned()),
                _ => (!word.is_empty()).then(|| word.to_lowercase()),
            }
        }))
    })
}
