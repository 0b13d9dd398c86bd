//! What a file says: rules, correlations and filters, each part with its place.
use crate::correlation_kind::CorrelationKind;
use crate::modifier::{Comparison, Kind, Modifier};
use crate::yaml::Scalar;
use mynah_syntax::{Span, Spanned};
use serde::{Deserialize, Serialize};

/// One document: what all kinds have in common, and what is its own.
#[derive(Debug, Clone)]
pub struct Document {
    /// From its first key to its last value.
    pub span: Span,
    /// What it is called; empty where it does not say.
    pub title: Spanned<String>,
    /// The id by which others refer to it.
    pub id: Option<Spanned<String>>,
    /// The name by which others refer to it.
    pub name: Option<Spanned<String>>,
    /// Whose names its fields have.
    pub taxonomy: Option<Spanned<String>>,
    /// `date` and `modified`.
    pub dates: Vec<Spanned<String>>,
    /// The fields that it wants to be shown.
    pub fields: Vec<Spanned<String>>,
    /// What it is.
    pub body: Body,
}

impl Document {
    /// Whether others refer to it so.
    pub fn is_called(&self, name: &str) -> bool {
        [&self.id, &self.name].into_iter().flatten().any(|own| own.node == name)
    }
}

/// What a document is.
#[derive(Debug, Clone)]
pub enum Body {
    /// Looks for events.
    Rule(Rule),
    /// Looks for what several events have to do with each other.
    Correlation(Correlation),
    /// Narrows rules.
    Filter(Filter),
    /// So much is missing that it cannot be told.
    Unread,
}

/// What a rule looks for, and where.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Which logs.
    pub log_source: LogSource,
    /// Which events of these.
    pub detections: Detections,
}

/// Which logs a rule is about: the key's place, and the specification's attributes.
#[allow(missing_docs, reason = "the specification's keys")]
#[derive(Debug, Clone)]
pub struct LogSource {
    pub span: Span,
    pub category: Option<Spanned<String>>,
    pub product: Option<Spanned<String>>,
    pub service: Option<Spanned<String>>,
}

impl LogSource {
    /// The attributes that it has, by their names.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let all = [("category", &self.category), ("product", &self.product), ("service", &self.service)];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }
}

/// Search identifiers and the condition over them.
#[derive(Debug, Clone)]
pub struct Detections {
    /// The key `detection` or `filter`.
    pub span: Span,
    /// The search identifiers, in the order of the text.
    pub named: Vec<Selection>,
    /// The conditions; of several, any.
    pub conditions: Vec<Condition>,
    /// Whether something of them could not be read.
    pub is_partial: bool,
    /// The key `timeframe`, which has no effect.
    pub timeframe: Option<Span>,
}

impl Detections {
    /// The items of all search identifiers, in the order of the text.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.named.iter().flat_map(|selection| selection.detection.items())
    }
}

/// A search identifier.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Its name.
    pub name: Spanned<String>,
    /// What it describes.
    pub detection: Detection,
}

/// What a search identifier describes.
#[derive(Debug, Clone)]
pub enum Detection {
    /// Items, all of which hold.
    All(Vec<Item>),
    /// Parts, any of which holds.
    Any(Vec<Detection>),
}

impl Detection {
    /// Its items, in the order of the text.
    pub fn items(&self) -> Vec<&Item> {
        match self {
            Detection::All(items) => items.iter().collect(),
            Detection::Any(parts) => parts.iter().flat_map(Detection::items).collect(),
        }
    }
}

/// A field, what is done to the values, and the values.
#[derive(Debug, Clone)]
pub struct Item {
    /// The key; of keywords the list.
    pub span: Span,
    /// The field; none of keywords. A bracket that is part of a name is written `\\[`; others are indexes of arrays.
    pub field: Option<String>,
    /// What members of the field, which is an array, are held against; then there are no modifiers and values.
    pub members: Option<Box<Members>>,
    /// The modifiers, in their order.
    pub modifiers: Vec<Spanned<&'static Modifier>>,
    /// The values, as one place.
    pub values_span: Span,
    /// The values.
    pub values: Vec<Spanned<Scalar>>,
}

/// Which members of an array must meet a condition, and what it is.
#[derive(Debug, Clone)]
pub struct Members {
    /// Which of them.
    pub which: Which,
    /// What holds of a member, which is an event of its own for it: `.` is the member itself.
    pub body: Detections,
}

/// Which members of an array must meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// At least one.
    Any,
    /// Each of them, of which there must be one.
    All,
    /// Each of them, if there are any.
    AllOrEmpty,
    /// None of them.
    None,
    /// The one of this number; a negative one counts from the end.
    At(i64),
}

impl Which {
    /// What stands in brackets behind the name of an array.
    pub fn parse(selector: &str) -> Option<Which> {
        Some(match selector {
            "any" => Which::Any,
            "all" => Which::All,
            "all_or_empty" => Which::AllOrEmpty,
            "none" => Which::None,
            index => Which::At(index.parse().ok()?),
        })
    }
}

impl Item {
    /// Whether a modifier of this kind stands behind the field.
    pub fn has(&self, kind: Kind) -> bool {
        self.modifiers.iter().any(|modifier| modifier.node.kind == kind)
    }
}

/// A condition over search identifiers, or over the rules of a correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub node: ConditionNode,
}

/// What a condition says.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionNode {
    /// All of these.
    And(Vec<Condition>),
    /// Any of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A search identifier.
    Name(String),
    /// So many of the search identifiers that a pattern means.
    Of(Quantifier, Pattern),
}

impl Condition {
    /// It and everything within it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Condition)) {
        visit(self);
        match &self.node {
            ConditionNode::And(parts) | ConditionNode::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            ConditionNode::Not(inner) => inner.walk(visit),
            ConditionNode::Name(_) | ConditionNode::Of(..) => {}
        }
    }
}

/// How many of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// All of them.
    All,
    /// At least so many.
    AtLeast(u64),
}

impl std::fmt::Display for Quantifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Quantifier::All => f.write_str("all"),
            Quantifier::AtLeast(count) => write!(f, "{count}"),
        }
    }
}

/// Which search identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `them`: all but those that begin with an underscore.
    Them,
    /// Those of a name with wildcards.
    Name(String),
}

impl Pattern {
    /// Whether a search identifier is meant.
    pub fn means(&self, name: &str) -> bool {
        match self {
            Pattern::Them => !name.starts_with('_'),
            Pattern::Name(pattern) => {
                let mut parts = pattern.split('*');
                let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or("")) else { return false };
                let Some(last) = parts.next_back() else { return rest.is_empty() };
                for part in parts {
                    match rest.split_once(part) {
                        Some((_, after)) => rest = after,
                        None => return false,
                    }
                }
                rest.ends_with(last)
            }
        }
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Pattern::Them => "them",
            Pattern::Name(pattern) => pattern,
        })
    }
}

/// A filter: one more condition of rules.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The rules by name or id; none for all of the log source.
    pub rules: Option<Vec<Spanned<String>>>,
    /// The log source, where it names one.
    pub log_source: Option<LogSource>,
    /// What must hold.
    pub detections: Detections,
}

/// A correlation: what several events have to do with each other. The time span is in milliseconds.
#[allow(missing_docs, reason = "the specification's keys")]
#[derive(Debug, Clone)]
pub struct Correlation {
    pub span: Span,
    pub kind: CorrelationKind,
    pub rules: Spanned<Vec<Spanned<String>>>,
    pub group_by: Vec<Spanned<String>>,
    pub timespan: i64,
    pub window: Window,
    pub condition: Option<CorrelationCondition>,
    pub aliases: Vec<Alias>,
    pub generate: bool,
}

/// How a correlation's time span lies over the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// It ends at each event.
    Sliding,
    /// One begins where the other ends, from 1970 on.
    Tumbling,
    /// It goes on as long as the next event comes within so many milliseconds, but not longer than the time span.
    Session {
        /// The longest time between two events.
        gap: i64,
    },
}

/// What a correlation's measure must be.
#[derive(Debug, Clone)]
pub enum CorrelationCondition {
    /// Numbers that it compares with.
    Threshold {
        /// The key `condition`.
        span: Span,
        /// The comparisons, all of which hold.
        predicates: Vec<(Comparison, f64)>,
        /// The fields whose values are measured.
        fields: Vec<Spanned<String>>,
        /// Which percentile.
        percentile: Option<u64>,
    },
    /// Which rules found something.
    Rules(Condition),
}

/// A name for a field that is called otherwise in some rules.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// Rules and what the field is called in each.
    pub fields: Vec<(String, String)>,
}
