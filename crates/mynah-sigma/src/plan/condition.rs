//! The condition over the search identifiers.
use super::fields::in_order;
use super::{Planner, balanced};
use crate::document::Place;
use datafusion::logical_expr::when;
use datafusion::prelude::{Expr, lit};
use mynah_syntax::{Diagnostic, Span, nearest};
use rsigma_parser::{ConditionExpr, Detections, Quantifier, SelectorPattern};
use std::collections::BTreeMap;

impl Planner<'_> {
    /// Whether an event is what a rule looks for. `place` is the map with the search identifiers and the condition.
    pub(super) fn detections(&mut self, detections: &Detections, place: Place<'_>) -> Option<Expr> {
        let mut named: BTreeMap<&str, Expr> = BTreeMap::new();
        let mut complete = true;
        let order = in_order(detections, place);
        for (name, detection, at) in &order {
            match self.detection(detection, *at) {
                Some(condition) => {
                    named.insert(name, condition);
                }
                None => complete = false,
            }
        }
        let names: Vec<&str> = order.iter().map(|(name, ..)| *name).collect();
        let mut parts = Vec::new();
        for (index, condition) in detections.conditions.iter().enumerate() {
            let at = if detections.conditions.len() > 1 {
                place.key("condition").nth(index)
            } else {
                place.key("condition")
            };
            if self.refers(condition, &names, at.value()) && complete {
                parts.push(self.condition(condition, &names, &named)?);
            } else {
                complete = false;
            }
        }
        // A list of conditions is one after the other: OR.
        complete.then(|| balanced::any(parts))
    }

    /// Whether all that a condition refers to is there; says what is not.
    fn refers(&mut self, condition: &ConditionExpr, names: &[&str], span: Span) -> bool {
        match condition {
            ConditionExpr::And(parts) | ConditionExpr::Or(parts) => {
                // All of them are looked at, so that everything is said.
                parts.iter().filter(|part| !self.refers(part, names, span)).count() == 0
            }
            ConditionExpr::Not(inner) => self.refers(inner, names, span),
            ConditionExpr::Identifier(name) => {
                if names.contains(&name.as_str()) {
                    return true;
                }
                let message = format!("there is no search identifier `{name}`");
                let diagnostic = Diagnostic::error("sigma/unknown-selection", message, span);
                self.diagnostics.push(match nearest(name, names.iter().copied()) {
                    Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
                    None => diagnostic,
                });
                false
            }
            ConditionExpr::Selector { quantifier, pattern } => {
                if names.iter().any(|name| pattern.matches_detection_name(name)) {
                    return true;
                }
                let message = format!("`{quantifier} of {pattern}` means no search identifier");
                self.diagnostics.push(Diagnostic::error("sigma/unknown-selection", message, span));
                false
            }
        }
    }

    fn condition(&mut self, condition: &ConditionExpr, names: &[&str], named: &BTreeMap<&str, Expr>) -> Option<Expr> {
        Some(match condition {
            ConditionExpr::And(parts) => {
                balanced::all(parts.iter().map(|part| self.condition(part, names, named)).collect::<Option<_>>()?)
            }
            ConditionExpr::Or(parts) => {
                balanced::any(parts.iter().map(|part| self.condition(part, names, named)).collect::<Option<_>>()?)
            }
            // What a field that is not there would be compared with is not so: null is not true.
            ConditionExpr::Not(inner) => self.condition(inner, names, named)?.is_not_true(),
            ConditionExpr::Identifier(name) => named.get(name.as_str())?.clone(),
            ConditionExpr::Selector { quantifier, pattern } => selected(quantifier, pattern, names, named)?,
        })
    }
}

fn selected(
    quantifier: &Quantifier,
    pattern: &SelectorPattern,
    names: &[&str],
    named: &BTreeMap<&str, Expr>,
) -> Option<Expr> {
    let wanted = names.iter().filter(|name| pattern.matches_detection_name(name));
    let parts: Vec<Expr> = wanted.map(|name| named.get(name).cloned()).collect::<Option<_>>()?;
    Some(match quantifier {
        Quantifier::Any => balanced::any(parts),
        Quantifier::All => balanced::all(parts),
        Quantifier::Count(count) => {
            let ones = parts.into_iter().map(|part| when(part, lit(1i64)).otherwise(lit(0i64)).ok());
            let sum = ones.collect::<Option<Vec<Expr>>>()?.into_iter().reduce(|left, right| left + right)?;
            sum.gt_eq(lit(i64::try_from(*count).unwrap_or(i64::MAX)))
        }
    })
}
