use super::Lint;
use crate::document::Place;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::{ConditionExpr, SelectorPattern};

pub(super) const RULE: Rule = Rule {
    code: "sigma/unused-selection",
    severity: Severity::Warning,
    what: "a search identifier that the condition does not use",
    why: "It has no effect, which is hardly what its author meant.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    filter:
        User: SYSTEM
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    filter:
        User: SYSTEM
    condition: selection and not filter"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (detections, place) in lint.detections() {
        let mut used = Vec::new();
        let mut patterns = Vec::new();
        for condition in &detections.conditions {
            collect(condition, &mut used, &mut patterns);
        }
        // What is unused is most likely what the condition means by a name that there is not.
        if used.iter().any(|name| !detections.named.contains_key(*name)) {
            continue;
        }
        for (name, _, at) in crate::plan::in_order(detections, place) {
            let is_used = used.contains(&name) || patterns.iter().any(|pattern| pattern.matches_detection_name(name));
            // The condition's own name, where the map is a filter's.
            if !is_used && !is_setting(name, place) {
                let message = format!("the condition does not use `{name}`");
                diagnostics.push(Diagnostic::warning(RULE.code, message, at.span()));
            }
        }
    }
}

/// Whether a key beside the search identifiers of a filter is one of its settings.
fn is_setting(name: &str, place: Place<'_>) -> bool {
    place.name() == Some("filter") && name == "rules"
}

fn collect<'a>(condition: &'a ConditionExpr, used: &mut Vec<&'a str>, patterns: &mut Vec<&'a SelectorPattern>) {
    match condition {
        ConditionExpr::And(parts) | ConditionExpr::Or(parts) => {
            parts.iter().for_each(|part| collect(part, used, patterns));
        }
        ConditionExpr::Not(inner) => collect(inner, used, patterns),
        ConditionExpr::Identifier(name) => used.push(name),
        ConditionExpr::Selector { pattern, .. } => patterns.push(pattern),
    }
}
