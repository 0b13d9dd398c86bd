use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::{Modifier, SigmaValue};

pub(super) const RULE: Rule = Rule {
    code: "sigma/duplicate-value",
    severity: Severity::Warning,
    what: "a value that stands twice in one list",
    why: "The second is of no use; often another was meant. Case counts only behind `cased` and `re`.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains:
            - ' /all'
            - ' /ALL'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains:
            - ' /all'
            - ' /priv'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (item, place) in lint.items() {
        let cases = [Modifier::Cased, Modifier::Re, Modifier::Base64, Modifier::Base64Offset];
        let cased = cases.into_iter().any(|modifier| item.field.has_modifier(modifier));
        let shown = |value: &SigmaValue| if cased { value.to_string() } else { value.to_string().to_lowercase() };
        let mut seen: Vec<String> = Vec::new();
        for (index, value) in item.values.iter().enumerate() {
            let text = shown(value);
            if seen.contains(&text) {
                let at = place.nth(index);
                let span = if at.exists() { at.span() } else { place.value() };
                diagnostics.push(Diagnostic::warning(RULE.code, format!("`{value}` is in this list already"), span));
            }
            seen.push(text);
        }
    }
}
