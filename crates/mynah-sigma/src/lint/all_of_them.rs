use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::{ConditionExpr, Quantifier, SelectorPattern};

pub(super) const RULE: Rule = Rule {
    code: "sigma/all-of-them",
    severity: Severity::Info,
    what: "`all of them` in a condition",
    why: "Nobody can add a filter to the rule without changing what the condition means, for which reason the specification advises against it.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: all of them"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: all of selection*"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (detections, place) in lint.detections() {
        if detections.conditions.iter().any(says) {
            let message = "`all of them` leaves no room for filters";
            let help = "name the search identifiers after a pattern: `all of selection_*`";
            diagnostics.push(Diagnostic::info(RULE.code, message, place.key("condition").value()).with_help(help));
        }
    }
}

fn says(condition: &ConditionExpr) -> bool {
    match condition {
        ConditionExpr::And(parts) | ConditionExpr::Or(parts) => parts.iter().any(says),
        ConditionExpr::Not(inner) => says(inner),
        ConditionExpr::Identifier(_) => false,
        ConditionExpr::Selector { quantifier, pattern } => {
            *quantifier == Quantifier::All && *pattern == SelectorPattern::Them
        }
    }
}
