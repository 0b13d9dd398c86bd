//! Fields of several values.
use super::elementwise;
use super::json;
use super::prelude::*;
use super::relative_modifier::RelativeTime;
use crate::expression::number_text;
use serde_json::Value;

family!(function, "MultivalueEvalFunctions");

pub(super) static MULTIVALUE: [Entry; 15] = [
    function(
        "commands(search)",
        "The names of the commands that a search text consists of.",
        &[
            example(r#"commands("search foo | stats count | sort count")"#, r#"["search","stats","sort"]"#),
            example(r#"commands("error | head 1")"#, r#"["search","head"]"#),
        ],
        Exactly(1),
        Row(Type::Multi, |row| {
            let Some(search) = row.text(0) else { return Cell::Null };
            let generating = search.trim_start().starts_with('|');
            let stages = stages(&search);
            Cell::texts(stages.into_iter().enumerate().filter_map(|(index, stage)| {
                let word: String =
                    stage.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                match index {
                    // What stands before the first pipe is a search, whether it says so or not.
                    0 if generating => None,
                    0 if !word.eq_ignore_ascii_case("search") => Some("search".to_owned()),
                    _ => (!word.is_empty()).then(|| word.to_lowercase()),
                }
            }))
        }),
    ),
    function(
        "mv_to_json_array(values [, infer_types])",
        "The values as a JSON array: of texts, or, where the second argument is true, of what they are in JSON, null where they are none.",
        &[
            example(r#"mv_to_json_array(split("a,1", ","))"#, r#"["a","1"]"#),
            example(r#"mv_to_json_array(split("a,1,true", ","), true())"#, "[null,1,true]"),
        ],
        Between(1, 2),
        Row(Type::Text, |row| {
            let infer = matches!(row.cell(1), Cell::Boolean(true));
            let values = row.values(0);
            if values.is_empty() {
                return Cell::Null;
            }
            json::array(values.into_iter().map(|value| match infer {
                true => json::inferred(&value),
                false => Value::String(value.into_owned()),
            }))
        }),
    ),
    function(
        "mvappend(value, ...)",
        "All values of all arguments, one behind the other; null adds none.",
        &[example(r#"mvappend("a", split("b,c", ","), null(), 1)"#, r#"["a","b","c","1"]"#)],
        AtLeast(1),
        Row(Type::Multi, |row| Cell::texts(row.all_values().map(|value| value.into_owned()))),
    ),
    function(
        "mvcount(values)",
        "How many values there are; null where there is none.",
        &[
            example(r#"mvcount(split("a,b", ","))"#, "2"),
            example(r#"mvcount("a")"#, "1"),
            example("mvcount(null())", "null"),
        ],
        Exactly(1),
        Row(Type::Number, |row| match row.values(0).len() {
            0 => Cell::Null,
            count => Cell::Float(count as f64),
        }),
    ),
    function(
        "mvdedup(values)",
        "The values, each once, in the order in which they first come.",
        &[example(r#"mvdedup(split("b,a,b", ","))"#, r#"["b","a"]"#)],
        Exactly(1),
        Row(Type::Multi, |row| {
            let mut seen = std::collections::HashSet::new();
            Cell::texts(
                row.values(0)
                    .into_iter()
                    .filter(|value| seen.insert(value.to_string()))
                    .map(|value| value.into_owned()),
            )
        }),
    ),
    function(
        "mvfilter(condition)",
        "The values of the one field that the condition names for which it is true.",
        &[example(r#"mvcount(mvfilter(match(x, "a")))"#, "null")],
        Exactly(1),
        Plan(elementwise::filter),
    ),
    function(
        "mvfind(values, regex)",
        "The place, from 0, of the first value in which the regular expression is found; null if there is none.",
        &[example(r#"mvfind(split("a,b1,b2", ","), "b\d")"#, "1"), example(r#"mvfind("a", "x")"#, "null")],
        Exactly(2),
        PlanRow(
            |call| call.row(RowCall { regex: call.literal_regex(1)?, ..RowCall::new(Type::Number) }),
            |row| {
                let place = row.regex(1, |regex| {
                    for (place, value) in row.values(0).iter().enumerate() {
                        if regex.is_match(value)? {
                            return Ok(Some(place as f64));
                        }
                    }
                    Ok(None)
                });
                number(place.flatten())
            },
        ),
    ),
    function(
        "mvindex(values, start [, end])",
        "The value at a place, from 0, or from the end where negative; with an end, the values from one place to the other. Null where there is none.",
        &[
            example(r#"mvindex(split("a,b,c", ","), 1)"#, "b"),
            example(r#"mvindex(split("a,b,c", ","), -1)"#, "c"),
            example(r#"mvindex(split("a,b,c", ","), 1, 2)"#, r#"["b","c"]"#),
            example(r#"mvindex(split("a,b,c", ","), 0, -2)"#, r#"["a","b"]"#),
            example(r#"mvindex("a", 3)"#, "null"),
        ],
        Between(2, 3),
        PlanRow(
            |call| call.row(RowCall::new(if call.arguments.len() == 2 { Type::Text } else { Type::Multi })),
            |row| {
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
            },
        ),
    ),
    function(
        "mvjoin(values, delimiter)",
        "The values as one text, with the delimiter between them.",
        &[example(r#"mvjoin(split("a,b", ","), " OR ")"#, "a OR b"), example(r#"mvjoin("a", ",")"#, "a")],
        Exactly(2),
        Row(Type::Text, |row| {
            let (values, delimiter) = (row.values(0), row.text(1));
            match delimiter {
                Some(delimiter) if !values.is_empty() => Cell::text(values.join(delimiter.as_ref())),
                _ => Cell::Null,
            }
        }),
    ),
    function(
        "mvmap(field, expression)",
        "What the expression gives for each value of the field, which it names; null gives none.",
        &[example(r#"mvmap(x, x . "!")"#, "null")],
        Exactly(2),
        Plan(elementwise::map),
    ),
    function(
        "mvrange(start, end [, step])",
        "The numbers from a start up to, not including, an end; the step is a number, 1 by default, or a span of time such as `\"7d\"`.",
        &[
            example("mvrange(1, 4)", r#"["1","2","3"]"#),
            example("mvrange(1, 11, 3)", r#"["1","4","7","10"]"#),
            example(r#"mvrange(0, 172800, "1d")"#, r#"["0","86400"]"#),
        ],
        Between(2, 3),
        Row(Type::Multi, |row| {
            let (Some(start), Some(end)) = (row.number(0), row.number(1)) else { return Cell::Null };
            let span = if row.len() > 2 && row.number(2).is_none() {
                match row.text(2).and_then(|span| RelativeTime::parse(&format!("+{span}"))) {
                    Some(span) => Some(span),
                    None => return Cell::Null,
                }
            } else {
                None
            };
            let step = row.number(2).unwrap_or(1.0);
            let mut values = Vec::new();
            let mut at = start;
            while at < end {
                if values.len() == LIMIT {
                    return row.fails(format!("mvrange({start}, {end}) gives more than {LIMIT} values"));
                }
                values.push(number_text(at));
                let next = match &span {
                    Some(span) => span.from(at).unwrap_or(end),
                    None => at + step,
                };
                if next <= at {
                    break;
                }
                at = next;
            }
            Cell::texts(values)
        }),
    ),
    function(
        "mvreverse(values)",
        "The values, the last one first.",
        &[example(r#"mvreverse(split("a,b,c", ","))"#, r#"["c","b","a"]"#)],
        Exactly(1),
        Row(Type::Multi, |row| Cell::texts(row.values(0).into_iter().rev().map(|value| value.into_owned()))),
    ),
    function(
        "mvsort(values)",
        "The values in the order of their characters, numbers too: 10 comes before 9.",
        &[example(r#"mvsort(split("b,a,10,9", ","))"#, r#"["10","9","a","b"]"#)],
        Exactly(1),
        Row(Type::Multi, |row| {
            let mut values = row.values(0);
            values.sort();
            Cell::texts(values.into_iter().map(|value| value.into_owned()))
        }),
    ),
    function(
        "mvzip(values, others [, delimiter])",
        "The first value of both, the second of both and so on, each pair as one text with the delimiter (a comma by default) between; as many as the shorter has.",
        &[
            example(r#"mvzip(split("a,b", ","), split("1,2,3", ","))"#, r#"["a,1","b,2"]"#),
            example(r#"mvzip("a", "1", "|")"#, r#"["a|1"]"#),
        ],
        Between(2, 3),
        Row(Type::Multi, |row| {
            let delimiter = if row.len() > 2 { row.text(2) } else { Some(",".into()) };
            let Some(delimiter) = delimiter else { return Cell::Null };
            let pairs = row.values(0).into_iter().zip(row.values(1));
            Cell::texts(pairs.map(|(left, right)| format!("{left}{delimiter}{right}")))
        }),
    ),
    function(
        "split(text, delimiter)",
        "The parts of the text between the delimiters, as several values; an empty delimiter gives its characters.",
        &[
            example(r#"split("a;b;c", ";")"#, r#"["a","b","c"]"#),
            example(r#"split("ab", "")"#, r#"["a","b"]"#),
            example(r#"split("a", ";")"#, r#"["a"]"#),
        ],
        Exactly(2),
        Row(Type::Multi, |row| {
            let Some(delimiter) = row.text(1) else { return Cell::Null };
            let mut parts = Vec::new();
            for value in row.values(0) {
                match delimiter.is_empty() {
                    true => parts.extend(value.chars().map(String::from)),
                    false => parts.extend(value.split(delimiter.as_ref()).map(str::to_owned)),
                }
            }
            Cell::texts(parts)
        }),
    ),
];

/// More values than this are a mistake, and would fill the memory.
const LIMIT: usize = 1_000_000;

/// The stages of a search text: split at pipes that stand neither in quotes nor in brackets.
fn stages(search: &str) -> Vec<&str> {
    let mut stages = Vec::new();
    let (mut start, mut depth, mut quoted, mut escaped) = (0, 0usize, false, false);
    for (at, c) in search.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '|' if !quoted && depth == 0 => {
                stages.push(search.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    stages.push(search.get(start..).unwrap_or(""));
    stages
}
