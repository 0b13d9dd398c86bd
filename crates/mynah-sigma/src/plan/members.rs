//! Members of arrays, each held against a condition as if it were an event.
use super::Planner;
use super::dates;
use super::functions::holds;
use crate::ast::{self, Condition, ConditionNode, Detection, Detections, Item, Quantifier, Which};
use crate::modifier::{self, Comparison, DatePart, FieldComparison, Test};
use mynah_kernels::{Case, Cell, Matcher, Network, Number, Regex, RegexError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;

/// Which members of an array must meet a condition, as plans hold it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Members {
    which: Which,
    condition: Met,
}

/// A condition on a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Met {
    All(Vec<Met>),
    AtLeast(u64, Vec<Met>),
    Not(Box<Met>),
    /// A field's values, which one of the tests must pass, or all.
    Field {
        path: Vec<Step>,
        tests: Vec<Tested>,
        all: bool,
    },
    /// Members of an array within the member.
    Members {
        path: Vec<Step>,
        members: Box<Members>,
    },
}

/// A step from a member to a value within it. Arrays on the way stand for their elements.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Step {
    Key(String),
    Index(i64),
}

/// What a value is held against.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Tested {
    Text(Matcher),
    Regex(Regex),
    Networks(Vec<Network>),
    Number { part: Option<DatePart>, comparison: Comparison, number: Number },
    Field { path: Vec<Step>, how: FieldComparison, cased: bool },
    Exists(bool),
}

impl Planner<'_> {
    /// The condition on members; nothing where it cannot be planned, which is said.
    pub(super) fn members(&mut self, members: &ast::Members) -> Option<Members> {
        Some(Members { which: members.which, condition: self.met(&members.body)? })
    }

    fn met(&mut self, body: &Detections) -> Option<Met> {
        let names: Vec<&str> = body.named.iter().map(|selection| selection.name.node.as_str()).collect();
        let mut complete = !body.is_partial;
        let mut named: Vec<(&str, Met)> = Vec::new();
        for selection in &body.named {
            match self.described(&selection.detection) {
                Some(met) => named.push((&selection.name.node, met)),
                None => complete = false,
            }
        }
        for condition in &body.conditions {
            complete &= self.refers(condition, &names);
        }
        let any = body.conditions.iter().map(|condition| combined(condition, &named)).collect();
        complete.then_some(Met::AtLeast(1, any))
    }

    fn described(&mut self, detection: &Detection) -> Option<Met> {
        match detection {
            Detection::All(items) => {
                let parts: Vec<Option<Met>> = items.iter().map(|item| self.met_item(item)).collect();
                parts.into_iter().collect::<Option<_>>().map(Met::All)
            }
            Detection::Any(parts) => {
                let parts: Vec<Option<Met>> = parts.iter().map(|part| self.described(part)).collect();
                parts.into_iter().collect::<Option<_>>().map(|parts| Met::AtLeast(1, parts))
            }
        }
    }

    fn met_item(&mut self, item: &Item) -> Option<Met> {
        // A keyword is looked for in the member itself.
        let path = steps(item.field.as_deref().unwrap_or("."));
        if let Some(members) = &item.members {
            return Some(Met::Members { path, members: Box::new(self.members(members)?) });
        }
        let tests = modifier::tests(item, self.context.site, self.context.mode, self.diagnostics)?;
        let (case, part) = (if tests.cased { Case::Exact } else { Case::Folded }, tests.part);
        let tested = tests.tests.into_iter().map(|test| match test {
            Test::Patterns(patterns) => Tested::Text(Matcher::new(patterns, case)),
            Test::Regex(regex) => Tested::Regex(regex),
            Test::Network(network) => Tested::Networks(vec![network]),
            Test::Null => Tested::Exists(false),
            Test::Exists(exists) => Tested::Exists(exists),
            Test::Compare(comparison, number) => Tested::Number { part, comparison, number: Number(number) },
            Test::Field(other, how) => Tested::Field { path: steps(&other), how, cased: case == Case::Exact },
        });
        let met = Met::Field { path, tests: tested.collect(), all: tests.all };
        Some(if tests.negated { Met::Not(Box::new(met)) } else { met })
    }
}

/// A condition with what its names stand for. Names that it does not have are said elsewhere.
fn combined(condition: &Condition, named: &[(&str, Met)]) -> Met {
    let all = |parts: &[Condition]| parts.iter().map(|part| combined(part, named)).collect();
    match &condition.node {
        ConditionNode::And(parts) => Met::All(all(parts)),
        ConditionNode::Or(parts) => Met::AtLeast(1, all(parts)),
        ConditionNode::Not(inner) => Met::Not(Box::new(combined(inner, named))),
        ConditionNode::Name(name) => {
            Met::All(named.iter().filter(|(known, _)| known == name).map(|(_, met)| met.clone()).collect())
        }
        ConditionNode::Of(quantifier, pattern) => {
            let parts = named.iter().filter(|(name, _)| pattern.means(name)).map(|(_, met)| met.clone()).collect();
            match quantifier {
                Quantifier::All => Met::All(parts),
                Quantifier::AtLeast(count) => Met::AtLeast(*count, parts),
            }
        }
    }
}

/// The steps that a field's name stands for; none for the member itself.
fn steps(field: &str) -> Vec<Step> {
    if field == "." {
        return Vec::new();
    }
    let steps = field.split('.').flat_map(|segment| {
        let index = segment.strip_suffix(']').and_then(|segment| segment.split_once('['));
        let index = index.filter(|(before, _)| !before.ends_with('\\'));
        match index.and_then(|(key, index)| Some((key, index.parse().ok()?))) {
            Some((key, index)) => vec![Step::Key(super::fields::shown(key)), Step::Index(index)],
            None => vec![Step::Key(super::fields::shown(segment))],
        }
    });
    steps.collect()
}

impl Members {
    /// Whether the members of an array, of which this is the text or are the texts, are as they must be.
    pub fn hold_in(&self, cell: Option<&Cell<'_>>) -> Result<bool, RegexError> {
        let members: Vec<Value> = match cell {
            Some(Cell::List(texts)) => texts.iter().filter_map(Cell::as_text).map(member).collect(),
            Some(Cell::Text(text)) => match serde_json::from_str(text) {
                Ok(Value::Array(members)) => members,
                _ => vec![member(text)],
            },
            _ => Vec::new(),
        };
        self.hold(&members)
    }

    fn hold(&self, members: &[Value]) -> Result<bool, RegexError> {
        let mut met = members.iter().map(|member| self.condition.is_met(member));
        match self.which {
            Which::Any => any(met),
            Which::None => any(met).map(|any| !any),
            Which::All if members.is_empty() => Ok(false),
            Which::All | Which::AllOrEmpty => all(met),
            Which::At(index) => met.nth(place(index, members.len())).unwrap_or(Ok(false)),
        }
    }
}

/// A member of an array from its text.
fn member(text: &str) -> Value {
    let object = text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten();
    object.unwrap_or_else(|| Value::from(text))
}

/// Where a number, from the end if it is negative, leads to in an array; behind its end for none.
fn place(index: i64, length: usize) -> usize {
    let from_end = |index: i64| length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?);
    usize::try_from(index).ok().or_else(|| from_end(index)).unwrap_or(length)
}

fn any(mut met: impl Iterator<Item = Result<bool, RegexError>>) -> Result<bool, RegexError> {
    met.find(|met| !matches!(met, Ok(false))).unwrap_or(Ok(false))
}

fn all(mut met: impl Iterator<Item = Result<bool, RegexError>>) -> Result<bool, RegexError> {
    met.find(|met| !matches!(met, Ok(true))).unwrap_or(Ok(true))
}

impl Met {
    fn is_met(&self, member: &Value) -> Result<bool, RegexError> {
        match self {
            Met::All(parts) => all(parts.iter().map(|part| part.is_met(member))),
            Met::AtLeast(1, parts) => any(parts.iter().map(|part| part.is_met(member))),
            Met::AtLeast(count, parts) => {
                let met: Vec<bool> = parts.iter().map(|part| part.is_met(member)).collect::<Result<_, _>>()?;
                Ok(met.into_iter().filter(|met| *met).count() as u64 >= *count)
            }
            Met::Not(part) => Ok(!part.is_met(member)?),
            Met::Field { path, tests, all: every } => {
                let texts: Vec<Cow<'_, str>> = reached(member, path).into_iter().filter_map(text).collect();
                let passed = tests.iter().map(|test| test.passes(&texts, member));
                if *every { all(passed) } else { any(passed) }
            }
            Met::Members { path, members } => {
                let inner = reached(member, path).into_iter().filter(|value| !value.is_null());
                let inner: Vec<Value> = inner.cloned().collect();
                members.hold(&inner)
            }
        }
    }
}

impl Tested {
    /// Whether one of the values passes.
    fn passes(&self, texts: &[Cow<'_, str>], member: &Value) -> Result<bool, RegexError> {
        Ok(match self {
            Tested::Text(matcher) => texts.iter().any(|text| matcher.matches(text)),
            Tested::Regex(regex) => return any(texts.iter().map(|text| regex.is_match(text))),
            Tested::Networks(networks) => texts.iter().any(|text| {
                let address = text.trim().parse();
                address.is_ok_and(|address| networks.iter().any(|network| network.contains(address)))
            }),
            Tested::Number { part, comparison, number } => texts.iter().any(|text| {
                let value = part.map_or_else(|| text.trim().parse().ok(), |part| dates::part(text, part));
                value.is_some_and(|value| comparison.holds(value, number.0))
            }),
            Tested::Field { path, how, cased } => {
                let others: Vec<Cow<'_, str>> = reached(member, path).into_iter().filter_map(text).collect();
                texts.iter().any(|left| others.iter().any(|right| holds(left, right, *how, *cased)))
            }
            Tested::Exists(exists) => texts.is_empty() != *exists,
        })
    }
}

/// The values that steps lead to; of an array at the end its elements.
fn reached<'v>(member: &'v Value, path: &[Step]) -> Vec<&'v Value> {
    let mut at = vec![member];
    for (index, step) in path.iter().enumerate() {
        let opens = !matches!(path.get(index + 1), Some(Step::Index(_)));
        let found = at.into_iter().filter_map(|value| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.as_array().and_then(|members| members.get(place(*index, members.len()))),
        });
        at = if opens { found.flat_map(elements).collect() } else { found.collect() };
    }
    at
}

fn elements(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |members| members.iter().flat_map(elements).collect())
}

/// A value as text; nothing of null.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}
