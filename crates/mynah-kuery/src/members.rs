//! Conditions on an event's own members: those that no view lists, for searches of all fields and for names with wildcards, and
//! those of nested objects.
use crate::ast::{Literal, RangeOperator};
use crate::functions::words;
use crate::plan::{is_text_field, pattern};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use mynah_kernels::{Cell, Code, Function, Network, Pattern, Resources};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;
use std::net::IpAddr;

/// A condition on the objects that an event consists of, as plans hold it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Members {
    /// All of them.
    All(Vec<Members>),
    /// Any of them.
    Any(Vec<Members>),
    /// Not this one.
    Not(Box<Members>),
    /// A value at a path; at any path where none is given.
    Is { path: Option<Pattern>, value: Wanted },
    /// A value on one side of another.
    Range { path: Pattern, operator: RangeOperator, bound: String },
    /// One object at a path that meets a condition by itself.
    Nested { path: Vec<String>, condition: Box<Members> },
}

/// What a value is held against.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// Any value at all.
    Anything,
    /// The whole of it, or where it is analysed text, its words.
    Value { pattern: Pattern, words: Vec<String>, phrase: bool },
}

impl Wanted {
    /// What a literal asks for.
    pub fn of(value: &Literal) -> Wanted {
        if value.is_any() && !value.quoted {
            return Wanted::Anything;
        }
        let words = value.text().map(|text| words(text).collect()).unwrap_or_default();
        Wanted::Value { pattern: pattern(&value.parts), words, phrase: value.quoted }
    }

    fn fits(&self, path: &str, value: &Value) -> bool {
        let Wanted::Value { pattern, words: wanted, phrase } = self else { return true };
        match value {
            Value::String(text) if is_text_field(path) && !wanted.is_empty() => {
                let words: Vec<String> = words(text).collect();
                match phrase {
                    true => words.windows(wanted.len()).any(|run| run == wanted.as_slice()),
                    false => wanted.iter().any(|wanted| words.contains(wanted)),
                }
            }
            Value::String(text) => pattern.fits(text) || in_network(pattern, text),
            Value::Number(number) => {
                let wanted = pattern.as_exact().and_then(|text| text.parse::<f64>().ok());
                wanted.is_some_and(|wanted| number.as_f64() == Some(wanted))
            }
            Value::Bool(truth) => pattern.fits(if *truth { "true" } else { "false" }),
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        }
    }
}

/// Whether a value that is an address lies in the network that is asked for.
fn in_network(pattern: &Pattern, text: &str) -> bool {
    let Some(network) = pattern.as_exact().filter(|wanted| wanted.contains('/')) else { return false };
    match (network.parse::<Network>(), text.parse::<IpAddr>()) {
        (Ok(network), Ok(address)) => network.contains(address),
        _ => false,
    }
}

impl Members {
    fn holds(&self, object: &Value) -> bool {
        match self {
            Members::All(parts) => parts.iter().all(|part| part.holds(object)),
            Members::Any(parts) => parts.iter().any(|part| part.holds(object)),
            Members::Not(part) => !part.holds(object),
            Members::Is { path, value } => leaves(object, &mut String::new(), &mut |name, leaf| {
                path.as_ref().is_none_or(|path| path.fits(name)) && value.fits(name, leaf)
            }),
            Members::Range { path, operator, bound } => {
                leaves(object, &mut String::new(), &mut |name, leaf| path.fits(name) && lies(*operator, leaf, bound))
            }
            Members::Nested { path, condition } => objects(object, path, &mut |object| condition.holds(object)),
        }
    }
}

/// Whether `test` holds for a value of an object, by its dotted path. Arrays stand for their elements.
fn leaves(value: &Value, path: &mut String, test: &mut dyn FnMut(&str, &Value) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().any(|value| leaves(value, path, test)),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let length = path.len();
            if length > 0 {
                path.push('.');
            }
            path.push_str(key);
            let holds = leaves(value, path, test);
            path.truncate(length);
            holds
        }),
        leaf => test(path, leaf),
    }
}

/// Whether `test` holds for an object at a path.
fn objects(value: &Value, path: &[String], test: &mut dyn FnMut(&Value) -> bool) -> bool {
    match (value, path.split_first()) {
        (Value::Array(values), _) => values.iter().any(|value| objects(value, path, test)),
        (Value::Object(_), None) => test(value),
        (Value::Object(members), Some((key, rest))) => members.get(key).is_some_and(|value| objects(value, rest, test)),
        _ => false,
    }
}

fn lies(operator: RangeOperator, value: &Value, bound: &str) -> bool {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => return false,
    };
    let order = match (number, bound.parse::<f64>().ok(), value) {
        (Some(number), Some(bound), _) => number.partial_cmp(&bound),
        (_, _, Value::String(text)) => Some(text.as_bytes().cmp(bound.as_bytes())),
        _ => None,
    };
    order.is_some_and(|order| match operator {
        RangeOperator::Less => order == Ordering::Less,
        RangeOperator::LessOrEqual => order != Ordering::Greater,
        RangeOperator::Greater => order == Ordering::Greater,
        RangeOperator::GreaterOrEqual => order != Ordering::Less,
    })
}

impl Function for Members {
    const NAME: &'static str = "kuery.members";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let condition = self.clone();
        Ok(Code::row(move |row| {
            let holds = |cell: &Cell<'_>| {
                let object = cell.as_text().and_then(|text| serde_json::from_str::<Value>(text).ok());
                object.is_some_and(|object| condition.holds(&object))
            };
            Cell::Boolean(match row {
                [Cell::List(cells)] => cells.iter().any(holds),
                [cell] => holds(cell),
                _ => false,
            })
        }))
    }
}
