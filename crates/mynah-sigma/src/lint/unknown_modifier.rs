use crate::document::Place;
use crate::modifier;
use mynah_syntax::{Diagnostic, Rule, Severity, Span, nearest};

pub(super) const RULE: Rule = Rule {
    code: "sigma/unknown-modifier",
    severity: Severity::Error,
    what: "a modifier that there is not",
    why: "What is to be done to the value is unknown.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endwith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
};

/// Looks at the fields of one document.
pub(crate) fn check(root: Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for part in ["detection", "filter"] {
        for selection in root.key(part).children() {
            walk(selection, diagnostics, 0);
        }
    }
}

fn walk(place: Place<'_>, diagnostics: &mut Vec<Diagnostic>, depth: usize) {
    if depth > 3 {
        return;
    }
    for child in place.children() {
        if let Some(name) = child.name() {
            modifiers(name, child.span(), diagnostics);
        }
        walk(child, diagnostics, depth + 1);
    }
}

fn modifiers(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    // A quote before the name is part of the span.
    let quoted = usize::from(span.end - span.start > name.len());
    let mut at = span.start + quoted;
    for (index, part) in name.split('|').enumerate() {
        let place = Span::new(at, at + part.len());
        at += part.len() + 1;
        if index == 0 || modifier::NAMES.contains(&part) {
            continue;
        }
        let diagnostic = Diagnostic::error(RULE.code, format!("there is no modifier `{part}`"), place);
        diagnostics.push(match (part, nearest(part, modifier::NAMES)) {
            ("not", _) => diagnostic.with_help("negate it in the condition: `selection and not filter`; or use `neq`"),
            (_, Some(known)) => diagnostic.with_fix(place, known, format!("did you mean `{known}`?")),
            (_, None) => diagnostic.with_help(format!("there are {}", modifier::NAMES.join(", "))),
        });
    }
}
