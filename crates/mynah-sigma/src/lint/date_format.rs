use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/date-format",
    severity: Severity::Warning,
    what: "a date that is not written as YYYY-MM-DD",
    why: "The specification wants ISO 8601 with dashes; older rules have slashes.",
    bad: r#"title: Whoami
date: 2026/03/14
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
date: 2026-03-14
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (rule, place) in lint.rules() {
        for (key, date) in [("date", &rule.date), ("modified", &rule.modified)] {
            if let Some(date) = date
                && date.parse::<jiff::civil::Date>().map(|parsed| parsed.to_string()).ok().as_deref() != Some(date)
            {
                diagnostics.push(Diagnostic::warning(
                    RULE.code,
                    format!("`{date}` is no date like 2026-03-14"),
                    place.key(key).value(),
                ));
            }
        }
    }
}
