use crate::expression::BinaryOperator;
use crate::pipeline::Pipeline;
use mynah_syntax::{Span, Spanned};
use std::fmt;

/// A search expression.
#[derive(Debug)]
pub(crate) enum Search {
    /// All of them; none at all holds for every event.
    And(Vec<Search>),
    /// At least one of them.
    Or(Vec<Search>),
    /// Not it: events that lack the field pass.
    Not(Box<Search>),
    /// A field against values.
    Compare(Comparison),
    /// A word or phrase of the raw event.
    Term(Value),
    /// `earliest=`, `latest=`: a bound of the search's time range.
    Time { earliest: bool, moment: Spanned<String> },
    /// `[ ... ]`: stands for what its rows say.
    Subsearch { pipeline: Pipeline, text: String, span: Span },
    /// `( search | command | ... )`: Splunk refuses it; see the lint rule `pipe-in-parentheses`.
    Piped { pipeline: Pipeline, text: String, span: Span },
    /// What only data can tell, in a check without data. Holds for every event.
    Unknown,
}

/// `field=value`, `field IN (value, value)`, `field>value`.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub field: Spanned<String>,
    /// One of those that compare.
    pub operator: BinaryOperator,
    /// One, but for `IN`.
    pub values: Vec<Value>,
}

/// A value or term: a text in which `*` is any number of characters.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub text: String,
    pub span: Span,
    /// Whether it stands in quotes: a phrase.
    pub quoted: bool,
    /// `CASE(...)`: upper and lower case are told apart.
    pub exact_case: bool,
    /// `TERM(...)`: not a part of a term with minor breakers.
    pub whole: bool,
}

impl Value {
    /// A text as it is written, in quotes or not.
    pub(crate) fn new(text: String, span: Span, quoted: bool) -> Value {
        Value { text, span, quoted, exact_case: false, whole: false }
    }
}

impl Search {
    /// Calls `visit` for this and every expression in it, not into subsearches.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Search)) {
        visit(self);
        match self {
            Search::And(parts) | Search::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Search::Not(part) => part.walk(visit),
            _ => {}
        }
    }

    /// The pipelines of its subsearches, and those in parentheses.
    pub(crate) fn pipelines(&self) -> impl Iterator<Item = &Pipeline> {
        let mut pipelines = Vec::new();
        self.walk(&mut |part| {
            if let Search::Subsearch { pipeline, .. } | Search::Piped { pipeline, .. } = part {
                pipelines.push(pipeline);
            }
        });
        pipelines.into_iter()
    }

    /// The place of a condition on a field, the text or the time.
    pub(crate) fn span(&self) -> Option<Span> {
        match self {
            Search::Compare(Comparison { field, values, .. }) => {
                Some(values.last().map_or(field.span, |value| field.span.to(value.span)))
            }
            Search::Term(value) => Some(value.span),
            Search::Time { moment, .. } => Some(moment.span),
            _ => None,
        }
    }

    /// The same search, all of it at one place: that of the subsearch that gave its text.
    pub(crate) fn at(self, span: Span) -> Search {
        let all = |parts: Vec<Search>| parts.into_iter().map(|part| part.at(span)).collect();
        match self {
            Search::And(parts) => Search::And(all(parts)),
            Search::Or(parts) => Search::Or(all(parts)),
            Search::Not(part) => Search::Not(Box::new(part.at(span))),
            Search::Compare(mut comparison) => {
                comparison.field.span = span;
                comparison.values.iter_mut().for_each(|value| value.span = span);
                Search::Compare(comparison)
            }
            Search::Term(value) => Search::Term(Value { span, ..value }),
            Search::Time { earliest, moment } => Search::Time { earliest, moment: Spanned { span, ..moment } },
            other => other,
        }
    }

    /// Whether a pipeline in parentheses stands somewhere in it.
    pub(crate) fn has_piped(&self) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= matches!(part, Search::Piped { .. }));
        found
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.replace('\\', "\\\\").replace('"', "\\\"");
        if self.exact_case { write!(f, "CASE(\"{text}\")") } else { write!(f, "\"{text}\"") }
    }
}

/// In the search language, fully parenthesised where precedence could be in doubt.
impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Search], between: &str| {
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    f.write_str(between)?;
                }
                match part {
                    Search::And(_) | Search::Or(_) => write!(f, "({part})")?,
                    other => write!(f, "{other}")?,
                }
            }
            Ok(())
        };
        match self {
            Search::And(parts) if parts.is_empty() => f.write_str("*"),
            Search::And(parts) => list(f, parts, " "),
            Search::Or(parts) => list(f, parts, " OR "),
            Search::Not(part) => match **part {
                Search::And(_) | Search::Or(_) => write!(f, "NOT ({part})"),
                _ => write!(f, "NOT {part}"),
            },
            Search::Compare(Comparison { field, operator, values }) => {
                let name = Value::new(field.node.clone(), field.span, true);
                match values.as_slice() {
                    [value] => write!(f, "{name}{}{value}", operator.symbol()),
                    values => {
                        write!(f, "{name} IN (")?;
                        for (i, value) in values.iter().enumerate() {
                            write!(f, "{}{value}", if i > 0 { ", " } else { "" })?;
                        }
                        f.write_str(")")
                    }
                }
            }
            Search::Term(value) => write!(f, "{value}"),
            Search::Time { earliest, moment } => {
                write!(f, "{}=\"{}\"", if *earliest { "earliest" } else { "latest" }, moment.node)
            }
            Search::Subsearch { text, .. } => write!(f, "[{text}]"),
            Search::Piped { text, .. } => write!(f, "({text})"),
            Search::Unknown => f.write_str("*"),
        }
    }
}
