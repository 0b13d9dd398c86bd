use super::pcre;
use super::prelude::*;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvfind",
        usage: "mvfind(values, regex)",
        summary: "The place, from 0, of the first value in which the regular expression is found; null if there is none.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: r#"mvfind(split("a,b1,b2", ","), "b\d")"#, result: "1" },
            Example { query: r#"mvfind("a", "x")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    if let Some(pattern) = call.literal_text(1)? {
        let regex = pcre::compile(&pattern).map_err(|error| call.error(1, error.to_string()))?;
        return call.row(&pattern, Type::Number, move |row| {
            number(row.values(0).iter().position(|value| regex.is_match(value)).map(|place| place as f64))
        });
    }
    let cache = pcre::Cache::default();
    call.row("", Type::Number, move |row| {
        let Some(regex) = row.text(1).and_then(|pattern| cache.get(&pattern)) else { return Cell::Null };
        number(row.values(0).iter().position(|value| regex.is_match(value)).map(|place| place as f64))
    })
}
