use super::json_path;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "spath",
        usage: "spath(json, path)",
        summary: "The values at a path of a JSON text: `a.b`, `a{0}.b` for one element, `a{}.b` for all. Texts that are no JSON have none.",
        page: super::page::TEXT,
        examples: &[
            Example { query: r#"spath("{\"a\":{\"b\":[1,2]}}", "a.b{1}")"#, result: "2" },
            Example { query: r#"spath("{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}]}", "a{}.b")"#, result: r#"["x","y"]"# },
            Example { query: r#"spath("no json", "a")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let path = call.literal_text(1)?;
    let ty = if path.as_deref().is_some_and(|path| !path.contains("{}")) { Type::Text } else { Type::Multi };
    call.row("", ty, move |row| {
        let (Some(json), Some(path)) = (row.text(0), row.text(1)) else { return Cell::Null };
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&json) else { return Cell::Null };
        let mut values = json_path::select(&value, &path).into_iter().filter_map(mynah_kernels::json::show);
        match ty {
            Type::Text => text(values.next()),
            _ => Cell::texts(values),
        }
    })
}
