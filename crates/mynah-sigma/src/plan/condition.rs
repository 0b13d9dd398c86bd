//! Search identifiers and the condition over them.
use super::Planner;
use crate::ast::{Condition, ConditionNode, Detection, Detections, Pattern, Quantifier};
use crate::suggesting;
use datafusion::logical_expr::when;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{all_of, any_of};
use mynah_syntax::{Diagnostic, nearest};
use std::collections::BTreeMap;

impl Planner<'_> {
    /// Whether an event is what a rule looks for.
    pub(super) fn detections(&mut self, detections: &Detections) -> Option<Expr> {
        let mut named: BTreeMap<&str, Expr> = BTreeMap::new();
        let mut complete = !detections.is_partial;
        for selection in &detections.named {
            match self.detection(&selection.detection) {
                Some(condition) => {
                    named.insert(&selection.name.node, condition);
                }
                None => complete = false,
            }
        }
        let names: Vec<&str> = detections.named.iter().map(|selection| selection.name.node.as_str()).collect();
        for condition in &detections.conditions {
            // All of them are looked at, so that everything is said.
            complete &= self.refers(condition, &names);
        }
        if !complete {
            return None;
        }
        // A list of conditions is one after the other: OR.
        let parts = detections.conditions.iter().map(|condition| condition_expr(condition, &names, &named));
        parts.collect::<Option<_>>().and_then(any_of)
    }

    /// Whether an event is what a search identifier describes.
    fn detection(&mut self, detection: &Detection) -> Option<Expr> {
        match detection {
            Detection::All(items) => {
                let parts: Vec<Option<Expr>> = items.iter().map(|item| self.item(item)).collect();
                parts.into_iter().collect::<Option<_>>().and_then(all_of)
            }
            Detection::Any(parts) => {
                let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.detection(part)).collect();
                parts.into_iter().collect::<Option<_>>().and_then(any_of)
            }
        }
    }

    /// Whether all that a condition refers to is there; says what is not.
    pub(super) fn refers(&mut self, condition: &Condition, names: &[&str]) -> bool {
        let before = self.diagnostics.len();
        condition.walk(&mut |part| match &part.node {
            ConditionNode::Name(name) if !names.contains(&name.as_str()) => {
                let message = format!("there is no search identifier `{name}`");
                let diagnostic = Diagnostic::error("sigma/unknown-selection", message, part.span);
                self.diagnostics.push(suggesting(diagnostic, nearest(name, names.iter().copied())));
            }
            ConditionNode::Of(quantifier, pattern) if !names.iter().any(|name| pattern.means(name)) => {
                let message = format!("`{quantifier} of {pattern}` means no search identifier");
                self.diagnostics.push(Diagnostic::error("sigma/unknown-selection", message, part.span));
            }
            _ => {}
        });
        self.diagnostics.len() == before
    }
}

fn condition_expr(condition: &Condition, names: &[&str], named: &BTreeMap<&str, Expr>) -> Option<Expr> {
    let all = |parts: &[Condition]| parts.iter().map(|part| condition_expr(part, names, named)).collect::<Option<_>>();
    Some(match &condition.node {
        ConditionNode::And(parts) => all_of(all(parts)?)?,
        ConditionNode::Or(parts) => any_of(all(parts)?)?,
        // What a field that is not there would be compared with is not so: null is not true.
        ConditionNode::Not(inner) => condition_expr(inner, names, named)?.is_not_true(),
        ConditionNode::Name(name) => named.get(name.as_str())?.clone(),
        ConditionNode::Of(quantifier, pattern) => selected(*quantifier, pattern, names, named)?,
    })
}

fn selected(quantifier: Quantifier, pattern: &Pattern, names: &[&str], named: &BTreeMap<&str, Expr>) -> Option<Expr> {
    let wanted = names.iter().filter(|name| pattern.means(name));
    let parts: Vec<Expr> = wanted.map(|name| named.get(name).cloned()).collect::<Option<_>>()?;
    Some(match quantifier {
        Quantifier::All => all_of(parts)?,
        Quantifier::AtLeast(1) => any_of(parts)?,
        Quantifier::AtLeast(count) => {
            let ones = parts.into_iter().map(|part| when(part, lit(1i64)).otherwise(lit(0i64)).ok());
            let sum = ones.collect::<Option<Vec<Expr>>>()?.into_iter().reduce(|left, right| left + right)?;
            sum.gt_eq(lit(i64::try_from(count).unwrap_or(i64::MAX)))
        }
    })
}
