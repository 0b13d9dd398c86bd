use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/id-format",
    severity: Severity::Warning,
    what: "an `id` that is no UUID",
    why: "Rules refer to each other by id, and tools that collect them take it for a UUID.",
    bad: r#"title: Whoami
id: whoami-1
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
id: 7b0a4f0c-54a1-4a8f-8a3b-0d2f6a3f5a11
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
    for (document, id) in lint.ids() {
        if !is_uuid(id) {
            let span = document.outline.root().key("id").value();
            diagnostics.push(Diagnostic::warning(RULE.code, format!("`{id}` is no UUID"), span));
        }
    }
}

fn is_uuid(id: &str) -> bool {
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
