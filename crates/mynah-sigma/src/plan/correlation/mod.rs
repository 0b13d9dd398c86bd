//! Correlations: windows over the events of the rules that they refer to.
//!
//! Events of one group are looked at in the order of their time. At each, the events of the time span that ends there
//! are measured ([`window`]); where the measure meets the condition, the correlation holds. Stretches of events that
//! are part of such spans become one row each ([`episodes`]); for another correlation, each moment at which the
//! condition holds is an event ([`inputs`]).
mod docs;
mod episodes;
mod inputs;
mod measure;
mod window;

pub(crate) use docs::DOCS;

use super::output::{Rows, slot};
use super::{Planner, fields};
use crate::document::{Content, Place};
use crate::modifier::Comparison;
use datafusion::arrow::datatypes::DataType;
use measure::{Kind, Measure};
use mynah_syntax::{Depth, Diagnostic, nearest};
use rsigma_parser::{ConditionOperator, CorrelationCondition, CorrelationRule, CorrelationType, WindowMode};

/// The event's time, in milliseconds.
const TIME: &str = fields::TIME;
/// The number of the rule that found the event.
const RULE: &str = "__rule";
/// The value that is counted or added up.
const VALUE: &str = "__value";

/// The n-th field of `group-by`.
fn key(index: usize) -> String {
    format!("__key{index}")
}

/// The n-th field that an outer correlation wants.
fn carried(index: usize) -> String {
    format!("__carried{index}")
}

/// The result of a correlation: when each of its findings began and ended, the group, and what was measured.
pub(super) fn rows(planner: &mut Planner<'_>, index: usize) -> Option<Rows> {
    let documents = planner.documents;
    let document = documents.get(index)?;
    let Content::Correlation(rule) = &document.content else { return None };
    let hits = planner.hits(index, &[], &mut Depth::default())?;
    let measured = Measured::of(rule);
    let built = episodes::episodes(hits, rule, measured.column());
    let plan = planner.built(built, planner.title(index))?;
    let mut columns = vec![("Until".to_owned(), DataType::Utf8)];
    columns.extend(rule.group_by.iter().map(|name| (fields::plain_name(name), DataType::Utf8)));
    columns.extend(measured.shown);
    debug_assert!(plan.schema().has_column_with_unqualified_name(&slot(columns.len() - 1)));
    Some(Rows { title: document.title().to_owned(), plan, columns })
}

/// The column that shows what was measured, if it is worth showing.
struct Measured {
    shown: Option<(String, DataType)>,
    /// Whether the least of it is of interest: where the condition wants little.
    least: bool,
}

impl Measured {
    fn of(rule: &CorrelationRule) -> Measured {
        let data_type = match rule.correlation_type {
            CorrelationType::EventCount | CorrelationType::ValueCount => Some(DataType::Int64),
            CorrelationType::Temporal | CorrelationType::TemporalOrdered => None,
            CorrelationType::ValueSum
            | CorrelationType::ValueAvg
            | CorrelationType::ValuePercentile
            | CorrelationType::ValueMedian => Some(DataType::Float64),
        };
        let least = match &rule.condition {
            CorrelationCondition::Threshold { predicates, .. } => predicates
                .iter()
                .all(|(operator, _)| matches!(operator, ConditionOperator::Lt | ConditionOperator::Lte)),
            CorrelationCondition::Extended(_) => false,
        };
        Measured { shown: data_type.map(|data_type| (rule.correlation_type.as_str().to_owned(), data_type)), least }
    }

    fn column(&self) -> Option<(DataType, bool)> {
        self.shown.as_ref().map(|(_, data_type)| (data_type.clone(), self.least))
    }
}

impl Planner<'_> {
    /// What a correlation measures, or what is wrong with it.
    fn measure(&mut self, rule: &CorrelationRule, place: Place<'_>) -> Option<Measure> {
        let condition = place.key("condition");
        let has_condition = condition.exists() || !place.exists();
        if rule.window != WindowMode::Sliding {
            return self.not_run_yet(&format!("`window: {}`", rule.window.as_str()), place.key("window").value());
        }
        let (conditions, percentile) = match &rule.condition {
            CorrelationCondition::Threshold { percentile, .. } => (conditions_of(rule), *percentile),
            CorrelationCondition::Extended(expression) => {
                if rule.correlation_type != CorrelationType::Temporal {
                    let what = format!("a condition over rules in a `{}` correlation", rule.correlation_type.as_str());
                    return self.not_run_yet(&what, condition.value());
                }
                let Some(present) = measure::Present::of(expression, &rule.rules, self.documents) else {
                    let message = format!("`{expression}` names a rule that `rules` does not list");
                    return self.report(Diagnostic::error("sigma/unknown-rule", message, condition.value()));
                };
                return Some(Measure {
                    kind: Kind::Present(present),
                    conditions: vec![(Comparison::GreaterOrEqual, 1.0)],
                });
            }
        };
        let every = vec![(Comparison::GreaterOrEqual, rule.rules.len() as f64)];
        // Without a condition, every rule must have found something.
        let temporal = if has_condition { conditions_of(rule) } else { every };
        let kind = match rule.correlation_type {
            CorrelationType::EventCount => Kind::Events,
            CorrelationType::ValueCount => Kind::Values,
            CorrelationType::Temporal => return Some(Measure { kind: Kind::Rules, conditions: temporal }),
            CorrelationType::TemporalOrdered => {
                return Some(Measure { kind: Kind::Ordered(rule.rules.len()), conditions: temporal });
            }
            CorrelationType::ValueSum => Kind::Sum,
            CorrelationType::ValueAvg => Kind::Average,
            CorrelationType::ValueMedian => Kind::percentile(50.0),
            CorrelationType::ValuePercentile => match percentile {
                Some(percent) if percent <= 100 => Kind::percentile(percent as f64),
                _ => {
                    let message = "`value_percentile` without a `percentile` from 0 to 100 in its condition";
                    return self.report(Diagnostic::error("sigma/missing-key", message, condition.span()));
                }
            },
        };
        Some(Measure { kind, conditions })
    }

    /// The document that a correlation refers to.
    fn referred(&mut self, name: &str, place: Place<'_>) -> Option<usize> {
        let found = self
            .documents
            .iter()
            .position(|document| document.is_called(name) && !matches!(document.content, Content::Filter(_)));
        if found.is_some() {
            return found;
        }
        let names = self.documents.iter().filter_map(|document| match &document.content {
            Content::Rule(rule) => rule.name.as_deref(),
            Content::Correlation(rule) => rule.name.as_deref(),
            _ => None,
        });
        let diagnostic = Diagnostic::error(
            "sigma/unknown-rule",
            format!("no rule of this file has the name or id `{name}`"),
            place.value(),
        );
        let meant = nearest(name, names).map(str::to_owned);
        self.report(match meant {
            Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
            None => diagnostic.with_help("put the rule into the same file, as a document of its own between `---`"),
        })
    }
}

fn conditions_of(rule: &CorrelationRule) -> Vec<(Comparison, f64)> {
    match &rule.condition {
        CorrelationCondition::Threshold { predicates, .. } => {
            predicates.iter().map(|(operator, number)| (comparison(*operator), *number as f64)).collect()
        }
        CorrelationCondition::Extended(_) => Vec::new(),
    }
}

fn comparison(operator: ConditionOperator) -> Comparison {
    match operator {
        ConditionOperator::Lt => Comparison::Less,
        ConditionOperator::Lte => Comparison::LessOrEqual,
        ConditionOperator::Gt => Comparison::Greater,
        ConditionOperator::Gte => Comparison::GreaterOrEqual,
        ConditionOperator::Eq => Comparison::Equal,
        ConditionOperator::Neq => Comparison::NotEqual,
    }
}
