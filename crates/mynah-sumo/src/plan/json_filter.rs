//! Filters in a JSONPath: `[?(@.isFinal == true)]`.
//!
//! Comparisons of a path with a constant, or a path alone (whether it is there), with `&&`, `||`, `!` and parentheses.
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A condition on an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Filter {
    /// The path leads somewhere.
    Exists(Vec<String>),
    /// What the path leads to compares so.
    Compare(Vec<String>, Comparison, Constant),
    Not(Box<Filter>),
    All(Vec<Filter>),
    Any(Vec<Filter>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A constant; numbers as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Constant {
    Text(String),
    Number(String),
    Boolean(bool),
    Null,
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// How deep parentheses may be.
const MOST: usize = 50;

impl Filter {
    /// Reads what follows `?(` and the parenthesis that closes it; gives what comes after.
    pub fn parse(text: &str) -> Result<(Filter, &str), String> {
        let (filter, rest) = any(text, 0)?;
        let rest = rest.trim_start().strip_prefix(')').ok_or("a filter of the path is not closed")?;
        Ok((filter, rest))
    }

    pub fn holds(&self, element: &Value) -> bool {
        match self {
            Filter::Exists(path) => at(element, path).is_some(),
            Filter::Compare(path, comparison, constant) => {
                at(element, path).is_some_and(|value| comparison.holds(value, constant))
            }
            Filter::Not(inner) => !inner.holds(element),
            Filter::All(parts) => parts.iter().all(|part| part.holds(element)),
            Filter::Any(parts) => parts.iter().any(|part| part.holds(element)),
        }
    }
}

fn at<'v>(element: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(element, |value, key| match value {
        Value::Array(values) => values.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    })
}

impl Comparison {
    fn holds(self, value: &Value, constant: &Constant) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let ordering = match (value, constant) {
            (Value::String(text), Constant::Text(other)) => Some(text.as_str().cmp(other)),
            (Value::Number(number), Constant::Number(other)) => {
                number.as_f64().zip(other.parse::<f64>().ok()).and_then(|(a, b)| a.partial_cmp(&b))
            }
            (Value::Bool(truth), Constant::Boolean(other)) => (truth == other).then_some(Equal),
            (Value::Null, Constant::Null) => Some(Equal),
            _ => None,
        };
        match self {
            Comparison::Equal => ordering == Some(Equal),
            Comparison::NotEqual => ordering != Some(Equal),
            Comparison::Less => ordering == Some(Less),
            Comparison::LessOrEqual => matches!(ordering, Some(Less | Equal)),
            Comparison::Greater => ordering == Some(Greater),
            Comparison::GreaterOrEqual => matches!(ordering, Some(Greater | Equal)),
        }
    }
}

type Read<'t> = Result<(Filter, &'t str), String>;

fn several<'t>(
    text: &'t str,
    between: &str,
    depth: usize,
    one: fn(&'t str, usize) -> Read<'t>,
    all: fn(Vec<Filter>) -> Filter,
) -> Read<'t> {
    let (first, mut rest) = one(text, depth)?;
    let mut parts = Vec::new();
    while let Some(after) = rest.trim_start().strip_prefix(between) {
        let (part, after) = one(after, depth)?;
        parts.push(part);
        rest = after;
    }
    if parts.is_empty() {
        return Ok((first, rest));
    }
    parts.insert(0, first);
    Ok((all(parts), rest))
}

fn any(text: &str, depth: usize) -> Read<'_> {
    several(text, "||", depth, all, Filter::Any)
}

fn all(text: &str, depth: usize) -> Read<'_> {
    several(text, "&&", depth, one, Filter::All)
}

fn one(text: &str, depth: usize) -> Read<'_> {
    if depth > MOST {
        return Err("a filter of the path is nested too deep".into());
    }
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('!') {
        let (inner, rest) = one(rest, depth + 1)?;
        return Ok((Filter::Not(inner.into()), rest));
    }
    if let Some(rest) = text.strip_prefix('(') {
        let (inner, rest) = any(rest, depth + 1)?;
        let rest = rest.trim_start().strip_prefix(')').ok_or("a filter of the path is not closed")?;
        return Ok((inner, rest));
    }
    let Some(rest) = text.strip_prefix('@') else {
        return Err(format!("`{text}` in a filter of the path is not supported: it begins with `@`"));
    };
    let (path, rest) = path(rest)?;
    let rest = rest.trim_start();
    let Some((sign, comparison)) = COMPARISONS.iter().find(|(sign, _)| rest.starts_with(sign)) else {
        if rest.starts_with(['=', '~']) || rest.starts_with("in ") {
            return Err(format!("`{rest}` in a filter of the path is not supported"));
        }
        return Ok((Filter::Exists(path), rest));
    };
    let (constant, rest) = constant(rest.get(sign.len()..).unwrap_or("").trim_start())?;
    Ok((Filter::Compare(path, *comparison, constant), rest))
}

/// `.a.b`, `['a']`, `[0]`.
fn path(mut text: &str) -> Result<(Vec<String>, &str), String> {
    let mut keys = Vec::new();
    loop {
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.is_empty() {
                return Err("a filter of the path has a `.` without a key".into());
            }
            keys.push(key.to_owned());
            text = after;
        } else if let Some(rest) = text.strip_prefix('[') {
            let (inner, after) = rest.split_once(']').ok_or("a filter of the path is not closed")?;
            keys.push(inner.trim().trim_matches(['\'', '"']).to_owned());
            text = after;
        } else {
            return Ok((keys, text));
        }
    }
}

fn constant(text: &str) -> Result<(Constant, &str), String> {
    for quote in ['\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            let (inner, after) = rest.split_once(quote).ok_or("a text in a filter of the path is not closed")?;
            return Ok((Constant::Text(inner.to_owned()), after));
        }
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let constant = match word {
        "true" => Constant::Boolean(true),
        "false" => Constant::Boolean(false),
        "null" => Constant::Null,
        number if number.parse::<f64>().is_ok() => Constant::Number(number.to_owned()),
        other => return Err(format!("`{other}` in a filter of the path is no constant")),
    };
    Ok((constant, rest))
}
