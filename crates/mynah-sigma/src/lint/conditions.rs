//! Conditions and the search identifiers that they are about.
use super::{CORRELATIONS_PAGE, Lint, RULES_PAGE, whoami};
use crate::ast::{Body, ConditionNode, CorrelationCondition, Pattern, Quantifier};
use mynah_syntax::{Diagnostic, Rule};
use std::collections::HashSet;

pub(super) const ALL_OF_THEM: Rule = Rule::warning(
    "sigma/all-of-them",
    "`all of them` in a condition",
    "Nobody can add a filter to the rule without changing what the condition means, for which reason the \
          specification advises against it.",
    whoami!(condition: "all of them"),
    whoami!(condition: "all of selection*"),
    RULES_PAGE,
)
.info();

pub(super) fn all_of_them(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for condition in lint.detections().flat_map(|detections| &detections.conditions) {
        condition.walk(&mut |part| {
            if part.node == ConditionNode::Of(Quantifier::All, Pattern::Them) {
                let message = "`all of them` leaves no room for filters";
                let help = "name the search identifiers after a pattern: `all of selection_*`";
                diagnostics.push(ALL_OF_THEM.diagnostic(message, part.span).with_help(help));
            }
        });
    }
}

pub(super) const TIMEFRAME: Rule = Rule::warning(
    "sigma/timeframe",
    "a `timeframe` in a rule",
    "It belonged to aggregations, which version 2 of the specification took out of rules. It has no effect.",
    whoami!(then: "    timeframe: 5m"),
    whoami!(),
    CORRELATIONS_PAGE,
);

pub(super) fn timeframe(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for span in lint.detections().filter_map(|detections| detections.timeframe) {
        let help = "a span of time belongs into a correlation, as its `timespan`";
        diagnostics.push(TIMEFRAME.diagnostic("`timeframe` has no effect", span).with_help(help));
    }
}

pub(super) const UNUSED_SELECTION: Rule = Rule::warning(
    "sigma/unused-selection",
    "a search identifier that the condition does not use",
    "It has no effect, which is hardly what its author meant.",
    whoami!(then: "    filter:\n        User: SYSTEM"),
    whoami!(then: "    filter:\n        User: SYSTEM" condition: "selection and not filter"),
    RULES_PAGE,
);

pub(super) fn unused_selection(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for detections in lint.detections().filter(|detections| !detections.is_partial) {
        let mut used: HashSet<&str> = HashSet::new();
        let mut patterns = Vec::new();
        for condition in &detections.conditions {
            condition.walk(&mut |part| match &part.node {
                ConditionNode::Name(name) => {
                    used.insert(name);
                }
                ConditionNode::Of(_, pattern) => patterns.push(pattern),
                _ => {}
            });
        }
        // What is unused is most likely what the condition means by a name that there is not.
        if used.iter().any(|name| !detections.named.iter().any(|known| known.name.node == *name)) {
            continue;
        }
        for name in detections.named.iter().map(|selection| &selection.name) {
            if !used.contains(name.node.as_str()) && !patterns.iter().any(|pattern| pattern.means(&name.node)) {
                let message = format!("the condition does not use `{}`", name.node);
                diagnostics.push(UNUSED_SELECTION.diagnostic(message, name.span));
            }
        }
    }
}

/// A correlation over rules with these conditions.
macro_rules! temporal {
    ($condition:literal) => {
        concat!(
            "title: Both\ncorrelation:\n    type: temporal\n    rules: [whoami, ipconfig]\n    timespan: 5m\n    condition: ",
            $condition,
            "\n---\n",
            whoami!(head: "name: whoami"),
            "\n---\n",
            whoami!(head: "name: ipconfig")
        )
    };
}

pub(super) const UNUSED_RULE: Rule = Rule::warning(
    "sigma/unused-rule",
    "a rule of a correlation that its condition does not use",
    "What it finds has no effect; pySigma refuses such a correlation.",
    temporal!("whoami"),
    temporal!("whoami and ipconfig"),
    "https://github.com/SigmaHQ/pySigma/blob/main/sigma/correlations.py",
);

pub(super) fn unused_rule(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let correlations = lint.documents.iter().filter_map(|document| match &document.body {
        Body::Correlation(correlation) => Some(correlation),
        _ => None,
    });
    for correlation in correlations {
        let Some(CorrelationCondition::Rules(condition)) = &correlation.condition else { continue };
        let is_same = |rule: &str, name: &str| {
            rule == name || lint.documents.iter().any(|document| document.is_called(rule) && document.is_called(name))
        };
        for rule in &correlation.rules.node {
            let mut used = false;
            condition.walk(&mut |part| match &part.node {
                ConditionNode::Name(name) => used |= is_same(&rule.node, name),
                ConditionNode::Of(_, pattern) => used |= pattern.means(&rule.node),
                _ => {}
            });
            if !used {
                let message = format!("the condition does not use the rule `{}`", rule.node);
                diagnostics.push(UNUSED_RULE.diagnostic(message, rule.span));
            }
        }
    }
}
