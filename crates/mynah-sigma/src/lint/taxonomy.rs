use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/taxonomy",
    severity: Severity::Error,
    what: "a taxonomy that is not Sigma's own",
    why: "Its field names are unknown here; the specification wants such rules handled by a tool that knows them.",
    bad: r#"title: Whoami
taxonomy: acme
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
taxonomy: sigma
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
        if let Some(taxonomy) = rule.taxonomy.as_deref().filter(|taxonomy| *taxonomy != "sigma") {
            let message = format!("the taxonomy `{taxonomy}` is not supported");
            diagnostics.push(Diagnostic::error(RULE.code, message, place.key("taxonomy").value()));
        }
    }
}
