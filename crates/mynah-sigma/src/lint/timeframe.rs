use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/timeframe",
    severity: Severity::Warning,
    what: "a `timeframe` in a rule",
    why: "It belonged to aggregations, which version 2 of the specification took out of rules. It has no effect.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    timeframe: 5m
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (detections, place) in lint.detections() {
        if detections.timeframe.is_some() {
            let help = "a span of time belongs into a correlation, as its `timespan`";
            diagnostics.push(
                Diagnostic::warning(RULE.code, "`timeframe` has no effect", place.key("timeframe").span())
                    .with_help(help),
            );
        }
    }
}
