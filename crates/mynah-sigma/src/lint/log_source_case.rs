use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/log-source-case",
    severity: Severity::Warning,
    what: "a category, product or service that is not in lower case",
    why: "The specification writes them in lower case with underscores; most tools compare them as they are.",
    bad: r#"title: Whoami
logsource:
    product: Windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
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
        let source = &rule.logsource;
        for (key, value) in [("category", &source.category), ("product", &source.product), ("service", &source.service)]
        {
            let Some(value) = value.as_deref().filter(|value| value.chars().any(|c| c.is_uppercase() || c == ' '))
            else {
                continue;
            };
            let right = value.to_lowercase().replace(' ', "_");
            let span = place.key("logsource").key(key).value();
            let diagnostic = Diagnostic::warning(RULE.code, format!("`{value}` is not in lower case"), span);
            diagnostics.push(diagnostic.with_fix(span, &right, format!("write `{right}`")));
        }
    }
}
