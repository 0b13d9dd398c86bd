//! Correlations: windows over the events of the rules that they refer to.
//!
//! Events of one group are looked at in the order of their time. At each, the events of the time span that ends there
//! are measured ([`window`]); where the measure meets the condition, the correlation holds. Stretches of events that
//! are part of such spans become one row each ([`episodes`]); for another correlation, each moment at which the
//! condition holds is an event ([`inputs`]). Spans that do not slide are groups of events of their own ([`groups`]): each
//! that meets the condition is a row, and an event at its end.
mod episodes;
mod groups;
mod inputs;
mod measure;
mod window;

pub(crate) use groups::Sessions;
pub(crate) use window::Measuring;

use super::output::{Rows, slot};
use super::{Planner, fields};
use crate::ast::{Body, Condition, Correlation, CorrelationCondition, Document, Window};
use crate::correlation_kind::CorrelationKind;
use crate::modifier::Comparison;
use datafusion::arrow::datatypes::DataType;
use measure::{Kind, Measure};
use mynah_syntax::{Diagnostic, Spanned, nearest};

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

impl<'a> Planner<'a> {
    /// The result of a correlation: when each of its findings began and ended, the group, and what was measured.
    pub(super) fn correlation_rows(&mut self, document: &'a Document, correlation: &'a Correlation) -> Option<Rows> {
        let hits = self.hits(document, correlation, &[], &mut inputs::Descent::default())?;
        let shown = measured(correlation);
        let built = match correlation.window {
            Window::Sliding => episodes::episodes(hits, correlation, shown.as_ref()),
            _ => groups::rows(hits, correlation, shown.as_ref()),
        };
        let plan = self.built(built, document.title.span)?;
        let mut columns = vec![("Until".to_owned(), DataType::Utf8)];
        columns.extend(correlation.group_by.iter().map(|name| (name.node.clone(), DataType::Utf8)));
        columns.extend(shown.map(|shown| (correlation.kind.name().to_owned(), shown.data_type)));
        debug_assert!(plan.schema().has_column_with_unqualified_name(&slot(columns.len() - 1)));
        Some(Rows { title: document.title.node.clone(), plan, columns })
    }

    /// What a correlation measures, or what is wrong with it.
    fn measure(&mut self, correlation: &Correlation) -> Option<Measure> {
        let (conditions, percentile, span) = match &correlation.condition {
            Some(CorrelationCondition::Threshold { predicates, percentile, span, .. }) => {
                let conditions = predicates.iter().map(|(comparison, number)| (*comparison, *number));
                (conditions.collect(), *percentile, *span)
            }
            Some(CorrelationCondition::Rules(condition)) => return self.present(correlation, condition),
            // Without a condition, every rule must have found something.
            None => {
                let all = correlation.rules.node.len() as f64;
                (vec![(Comparison::GreaterOrEqual, all)], None, correlation.span)
            }
        };
        let kind = match correlation.kind {
            CorrelationKind::EventCount => Kind::Events,
            CorrelationKind::ValueCount => Kind::Values,
            CorrelationKind::Temporal => Kind::Rules,
            CorrelationKind::TemporalOrdered => Kind::Ordered(correlation.rules.node.len()),
            CorrelationKind::Sum => Kind::Sum,
            CorrelationKind::Average => Kind::Average,
            CorrelationKind::Median => Kind::Percentile(50),
            CorrelationKind::Percentile => match percentile {
                Some(percent) if percent <= 100 => Kind::Percentile(percent),
                _ => {
                    let message = "`value_percentile` without a `percentile` from 0 to 100 in its condition";
                    return self.report(Diagnostic::error("sigma/missing-key", message, span));
                }
            },
        };
        Some(Measure { kind, conditions })
    }

    /// A condition over the rules of a correlation.
    fn present(&mut self, correlation: &Correlation, condition: &Condition) -> Option<Measure> {
        if correlation.kind == CorrelationKind::TemporalOrdered
            && let Some(all) = measure::all_in_order(condition)
            && all == correlation.rules.node.len()
        {
            return Some(Measure {
                kind: Kind::Ordered(all),
                conditions: vec![(Comparison::GreaterOrEqual, all as f64)],
            });
        }
        if correlation.kind != CorrelationKind::Temporal {
            let what = format!("a condition over rules in a `{}` correlation", correlation.kind.name());
            return self.not_run_yet(&what, condition.span);
        }
        match measure::Present::of(condition, &correlation.rules.node, self.documents) {
            Ok(present) => {
                Some(Measure { kind: Kind::Present(present), conditions: vec![(Comparison::GreaterOrEqual, 1.0)] })
            }
            Err(unknown) => {
                let message = "the condition names a rule that `rules` does not list";
                self.report(Diagnostic::error("sigma/unknown-rule", message, unknown))
            }
        }
    }

    /// The document that a correlation refers to.
    fn referred(&mut self, name: &Spanned<String>) -> Option<&'a Document> {
        let documents = self.documents;
        if let Some(found) = self.called.get(name.node.as_str()).and_then(|index| documents.get(*index)) {
            return Some(found);
        }
        let message = format!("no rule of this file has the name or id `{}`", name.node);
        let diagnostic = Diagnostic::error("sigma/unknown-rule", message, name.span);
        let names = documents.iter().filter(|document| !matches!(document.body, Body::Filter(_)));
        let meant = nearest(&name.node, names.filter_map(|document| Some(document.name.as_ref()?.node.as_str())));
        self.report(diagnostic.with_help(match meant {
            Some(known) => format!("did you mean `{known}`?"),
            None => "put the rule into the same file, as a document of its own between `---`".to_owned(),
        }))
    }
}

/// The column that shows what was measured.
struct Measured {
    data_type: DataType,
    /// Whether the least of it is of interest: where the condition wants little.
    least: bool,
}

/// The column that shows what a correlation measured, if that is worth showing.
fn measured(correlation: &Correlation) -> Option<Measured> {
    let data_type = match correlation.kind {
        CorrelationKind::EventCount | CorrelationKind::ValueCount => DataType::Int64,
        CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => return None,
        _ => DataType::Float64,
    };
    let least = match &correlation.condition {
        Some(CorrelationCondition::Threshold { predicates, .. }) => {
            predicates.iter().all(|(comparison, _)| matches!(comparison, Comparison::Less | Comparison::LessOrEqual))
        }
        _ => false,
    };
    Some(Measured { data_type, least })
}
