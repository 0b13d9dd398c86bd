use super::pcre;
use super::prelude::*;
use crate::expression::null_of;
use mynah_kernels::regex_match;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "match",
        usage: "match(text, regex)",
        summary: "Whether the regular expression is found anywhere in the text; in a field of several values, in any of them.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"match("10.1.2.3", "^\d{1,3}\.\d{1,3}")"#, result: "true" },
            Example { query: r#"match("ABC", "b")"#, result: "false" },
            Example { query: r#"match("ABC", "(?i)b")"#, result: "true" },
            Example { query: r#"match(split("a,b", ","), "b")"#, result: "true" },
            Example { query: r#"match(null(), "b")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let value = call.argument(0)?;
    if value.ty == Type::Null {
        return Ok(Typed::boolean(null_of(Type::Boolean)));
    }
    if let Some(pattern) = call.literal_text(1)? {
        let regex = pcre::compile(&pattern).map_err(|error| call.error(1, error.to_string()))?;
        let texts = if value.ty == Type::Multi { value.expr } else { value.into_text() };
        return Ok(Typed::boolean(regex_match(regex.into(), texts)));
    }
    let cache = pcre::Cache::default();
    call.row("", Type::Boolean, move |row| {
        let Some(regex) = row.text(1).and_then(|pattern| cache.get(&pattern)) else { return Cell::Null };
        let values = row.values(0);
        if values.is_empty() { Cell::Null } else { Cell::Boolean(values.iter().any(|value| regex.is_match(value))) }
    })
}
