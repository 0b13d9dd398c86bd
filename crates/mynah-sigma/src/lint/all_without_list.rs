use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::Modifier;

pub(super) const RULE: Rule = Rule {
    code: "sigma/all-without-list",
    severity: Severity::Warning,
    what: "`all` on a field with one value",
    why: "All of one value is that value. The specification does not allow it, since some backends cannot convert it.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains|all: ' /all'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains: ' /all'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (item, place) in lint.items() {
        if item.field.has_modifier(Modifier::All)
            && item.values.len() == 1
            && !item.field.has_modifier(Modifier::Expand)
        {
            diagnostics
                .push(Diagnostic::warning(RULE.code, "`all` of one value", place.span()).with_help("leave `all` out"));
        }
    }
}
