use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "split",
        usage: "split(text, delimiter)",
        summary: "The parts of the text between the delimiters, as several values; an empty delimiter gives its characters.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"split("a;b;c", ";")"#, result: r#"["a","b","c"]"# },
            Example { query: r#"split("ab", "")"#, result: r#"["a","b"]"# },
            Example { query: r#"split("a", ";")"#, result: r#"["a"]"# },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let Some(delimiter) = row.text(1) else { return Cell::Null };
        let mut parts = Vec::new();
        for value in row.values(0) {
            match delimiter.is_empty() {
                true => parts.extend(value.chars().map(String::from)),
                false => parts.extend(value.split(delimiter.as_ref()).map(str::to_owned)),
            }
        }
        Cell::texts(parts)
    })
}
