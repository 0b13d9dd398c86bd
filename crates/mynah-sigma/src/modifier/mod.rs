//! What modifiers make of the values of a detection item: a file for each kind.
//!
//! A value goes through the modifiers behind its field in their order, as the specification says, and comes out as a
//! [`Test`] that a field's value is held against.
mod affix;
mod base64;
mod base64offset;
mod cidr;
mod docs;
mod expand;
mod glyphs;
mod number;
mod regex;
mod utf16;
mod windash;

pub(crate) use docs::DOCS;
pub(crate) use glyphs::Glyph;
pub(crate) use number::Comparison;

use ::regex::Regex;
use glyphs::{glyphs, patterns};
use mynah_dialect::{Mode, Site};
use mynah_kernels::{Network, Pattern};
use mynah_syntax::Severity;
use rsigma_parser::{DetectionItem, Modifier, SigmaValue};

/// The modifiers, as they are written.
pub(crate) const NAMES: [&str; 34] = [
    "all",
    "base64",
    "base64offset",
    "cased",
    "cidr",
    "contains",
    "day",
    "dotall",
    "endswith",
    "exists",
    "expand",
    "fieldref",
    "gt",
    "gte",
    "hour",
    "i",
    "ignorecase",
    "lt",
    "lte",
    "m",
    "minute",
    "month",
    "multiline",
    "neq",
    "re",
    "s",
    "startswith",
    "utf16",
    "utf16be",
    "utf16le",
    "week",
    "wide",
    "windash",
    "year",
];

/// What a field's value is held against.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// Any of these patterns, with or without case.
    Patterns(Vec<Pattern>),
    /// A regular expression that is found in it.
    Regex(Regex),
    /// A network that it is an address of.
    Network(Network),
    /// There is no value.
    Null,
    /// Whether there is a value.
    Exists(bool),
    /// A number it compares with.
    Compare(Comparison, f64),
    /// Another field's value.
    Field(FieldTest),
}

/// How another field's value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldTest {
    pub name: String,
    pub how: FieldComparison,
}

/// What of another field's value must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldComparison {
    Equal,
    Contains,
    StartsWith,
    EndsWith,
    Order(Comparison),
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePart {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// The tests of an item, and how they are put together.
#[derive(Debug, Clone)]
pub(crate) struct Tests {
    /// One for each value, with the value's number.
    pub tests: Vec<(usize, Test)>,
    /// All must hold; else one.
    pub all: bool,
    /// Case counts.
    pub cased: bool,
    /// None must hold.
    pub negated: bool,
    /// What of the field's date is compared.
    pub part: Option<DatePart>,
}

/// What is wrong with a modifier or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
    /// The number of the value that it is about; all of them where there is none.
    pub value: Option<usize>,
}

impl Problem {
    fn new(code: &'static str, message: impl Into<String>) -> Problem {
        Problem { code, severity: Severity::Error, message: message.into(), help: None, value: None }
    }

    fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

/// A value on its way through the modifiers.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text with wildcards.
    Text(Vec<Glyph>),
    /// What an encoding made of a text.
    Bytes(Vec<u8>),
    /// The source of a regular expression.
    Regex(String),
    Number(f64, String),
    Boolean(bool),
    Null,
}

impl Value {
    fn of(value: &SigmaValue) -> Value {
        match value {
            SigmaValue::String(text) => Value::Text(glyphs(text)),
            SigmaValue::Integer(number) => Value::Number(*number as f64, number.to_string()),
            SigmaValue::Float(number) => Value::Number(*number, number.to_string()),
            SigmaValue::Bool(truth) => Value::Boolean(*truth),
            SigmaValue::Null => Value::Null,
        }
    }

    /// As text; a regular expression and no value are none.
    fn into_glyphs(self) -> Option<Vec<Glyph>> {
        Some(match self {
            Value::Text(glyphs) => glyphs,
            Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).chars().map(Glyph::Char).collect(),
            Value::Number(_, text) => text.chars().map(Glyph::Char).collect(),
            Value::Boolean(truth) => truth.to_string().chars().map(Glyph::Char).collect(),
            Value::Regex(_) | Value::Null => return None,
        })
    }

    /// As the bytes that an encoding works on: there are no wildcards in these.
    fn into_bytes(self, modifier: &str) -> Result<Vec<u8>, Problem> {
        if let Value::Bytes(bytes) = self {
            return Ok(bytes);
        }
        let glyphs = self.into_glyphs().ok_or_else(|| wrong_type(modifier, "a text"))?;
        let text: Option<String> =
            glyphs.iter().map(|glyph| if let Glyph::Char(c) = glyph { Some(*c) } else { None }).collect();
        let wildcard = || {
            Problem::new("sigma/value", format!("`{modifier}` cannot encode a wildcard"))
                .help("write a plain `*` as `\\*`, and put `contains` behind the encoding")
        };
        text.map(String::into_bytes).ok_or_else(wildcard)
    }
}

fn wrong_type(modifier: &str, wants: &str) -> Problem {
    Problem::new("sigma/value", format!("`{modifier}` wants {wants}"))
}

/// What an item looks for; and remarks that are no reason not to.
///
/// # Errors
/// The first thing that cannot be looked for.
pub(crate) fn tests(item: &DetectionItem, site: &Site, mode: Mode) -> Result<(Tests, Vec<Problem>), Problem> {
    let modifiers = &item.field.modifiers;
    let has = |modifier| modifiers.contains(&modifier);
    let mut remarks = Vec::new();
    let mut tests = Tests {
        tests: Vec::new(),
        all: has(Modifier::All),
        cased: has(Modifier::Cased),
        negated: has(Modifier::Neq),
        part: number::date_part(modifiers),
    };
    let comparison = number::comparison(modifiers)?;
    if item.values.is_empty() {
        return Err(
            Problem::new("sigma/empty", "an empty list never matches").help("give it values, or leave the field out")
        );
    }
    for (index, value) in item.values.iter().enumerate() {
        let at = |mut problem: Problem| {
            problem.value = Some(index);
            problem
        };
        if has(Modifier::Exists) {
            tests.tests.push((index, exists(value).map_err(at)?));
            continue;
        }
        if has(Modifier::FieldRef) {
            tests.tests.push((index, field(value, modifiers, comparison).map_err(at)?));
            continue;
        }
        let expanded = if has(Modifier::Expand) {
            match expand::expand(value, site) {
                Ok(values) => values,
                Err(problem) if mode == Mode::Check => {
                    // What the site has is not known here.
                    remarks.push(at(Problem { severity: Severity::Warning, ..problem }));
                    vec![value.clone()]
                }
                Err(problem) => return Err(at(problem)),
            }
        } else {
            vec![value.clone()]
        };
        for value in expanded {
            let values = modified(Value::of(&value), modifiers).map_err(at)?;
            // Forms of one value are alternatives even where all values must be there.
            let mut alternatives = Vec::new();
            for value in values {
                match test(value, modifiers, comparison, tests.part.is_some(), tests.cased).map_err(at)? {
                    Test::Patterns(mut patterns) => alternatives.append(&mut patterns),
                    other => tests.tests.push((index, other)),
                }
            }
            if !alternatives.is_empty() {
                tests.tests.push((index, Test::Patterns(alternatives)));
            }
        }
    }
    Ok((tests, remarks))
}

/// A value after the modifiers that change it, which can make several of it.
fn modified(value: Value, modifiers: &[Modifier]) -> Result<Vec<Value>, Problem> {
    let mut values = vec![value];
    if modifiers.contains(&Modifier::Re) {
        // The expression is not a text with wildcards, wherever the modifier stands.
        values = values.into_iter().map(regex::source).collect::<Result<_, _>>()?;
    }
    for modifier in modifiers {
        let each = |change: &dyn Fn(Value) -> Result<Vec<Value>, Problem>| -> Result<Vec<Value>, Problem> {
            let changed: Result<Vec<Vec<Value>>, Problem> = values.iter().cloned().map(change).collect();
            Ok(changed?.into_iter().flatten().collect())
        };
        let next = match modifier {
            Modifier::Contains => Some(each(&|value| affix::affix(value, true, true, "contains"))?),
            Modifier::StartsWith => Some(each(&|value| affix::affix(value, false, true, "startswith"))?),
            Modifier::EndsWith => Some(each(&|value| affix::affix(value, true, false, "endswith"))?),
            Modifier::WindAsh => Some(each(&windash::windash)?),
            Modifier::Base64 => Some(each(&base64::base64)?),
            Modifier::Base64Offset => Some(each(&base64offset::base64offset)?),
            Modifier::Wide => Some(each(&|value| utf16::utf16(value, utf16::Order::Little, "wide"))?),
            Modifier::Utf16be => Some(each(&|value| utf16::utf16(value, utf16::Order::Big, "utf16be"))?),
            Modifier::Utf16 => Some(each(&|value| utf16::utf16(value, utf16::Order::Marked, "utf16"))?),
            // These say how the finished value is compared.
            Modifier::All
            | Modifier::Re
            | Modifier::Cidr
            | Modifier::Cased
            | Modifier::Exists
            | Modifier::Expand
            | Modifier::FieldRef
            | Modifier::Gt
            | Modifier::Gte
            | Modifier::Lt
            | Modifier::Lte
            | Modifier::Neq
            | Modifier::IgnoreCase
            | Modifier::Multiline
            | Modifier::DotAll
            | Modifier::Minute
            | Modifier::Hour
            | Modifier::Day
            | Modifier::Week
            | Modifier::Month
            | Modifier::Year => None,
        };
        if let Some(next) = next {
            values = next;
        }
    }
    Ok(values)
}

fn test(
    value: Value,
    modifiers: &[Modifier],
    comparison: Option<Comparison>,
    has_part: bool,
    cased: bool,
) -> Result<Test, Problem> {
    if has_part || comparison.is_some() {
        return number::number(&value).map(|number| Test::Compare(comparison.unwrap_or(Comparison::Equal), number));
    }
    if modifiers.contains(&Modifier::Cidr) {
        return cidr::network(value).map(Test::Network);
    }
    if let Some(flag) = regex::stray_flag(modifiers) {
        return Err(Problem::new("sigma/value", format!("`{flag}` belongs behind `re`")));
    }
    match value {
        Value::Regex(source) => regex::compile(&source, modifiers, cased).map(Test::Regex),
        Value::Null => Ok(Test::Null),
        other => {
            let glyphs = other.into_glyphs().unwrap_or_default();
            Ok(match patterns(&glyphs) {
                Some(patterns) => Test::Patterns(patterns),
                None => Test::Regex(regex::of_glyphs(&glyphs, cased)?),
            })
        }
    }
}

fn exists(value: &SigmaValue) -> Result<Test, Problem> {
    match value {
        SigmaValue::Bool(truth) => Ok(Test::Exists(*truth)),
        SigmaValue::String(text) if text.original.eq_ignore_ascii_case("true") => Ok(Test::Exists(true)),
        SigmaValue::String(text) if text.original.eq_ignore_ascii_case("false") => Ok(Test::Exists(false)),
        _ => Err(wrong_type("exists", "`true` or `false`")),
    }
}

fn field(value: &SigmaValue, modifiers: &[Modifier], comparison: Option<Comparison>) -> Result<Test, Problem> {
    let SigmaValue::String(text) = value else { return Err(wrong_type("fieldref", "the name of a field")) };
    let has = |modifier| modifiers.contains(&modifier);
    let how = match comparison {
        Some(comparison) => FieldComparison::Order(comparison),
        None if has(Modifier::Contains) => FieldComparison::Contains,
        None if has(Modifier::StartsWith) => FieldComparison::StartsWith,
        None if has(Modifier::EndsWith) => FieldComparison::EndsWith,
        None => FieldComparison::Equal,
    };
    Ok(Test::Field(FieldTest { name: text.original.clone(), how }))
}
