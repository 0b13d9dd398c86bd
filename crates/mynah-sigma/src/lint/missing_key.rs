use crate::document::Place;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sigma/missing-key",
    severity: Severity::Error,
    what: "a key that rules must have and that is not there",
    why: "The specification makes it mandatory: without it nobody knows what to look for, or where.",
    bad: r#"logsource:
    product: windows
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

/// What each kind of document must have, below which key.
const OF_RULES: [(&str, &[&str]); 2] = [("", &["title", "logsource", "detection"]), ("detection", &["condition"])];
const OF_CORRELATIONS: [(&str, &[&str]); 2] = [("", &["title"]), ("correlation", &["type", "rules"])];
const OF_FILTERS: [(&str, &[&str]); 2] = [("", &["title", "logsource"]), ("filter", &["condition"])];

/// Looks at the keys of one document.
pub(crate) fn check(root: Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if root.key("action").exists() || root.children().next().is_none() {
        return;
    }
    let wanted = if root.key("correlation").exists() {
        OF_CORRELATIONS
    } else if root.key("filter").exists() {
        OF_FILTERS
    } else {
        OF_RULES
    };
    for (parent, keys) in wanted {
        let place = if parent.is_empty() { root } else { root.key(parent) };
        // What is written in braces has no places.
        if !place.exists() || place.children().next().is_none() {
            continue;
        }
        for key in keys {
            if !place.key(key).exists() {
                let span = if parent.is_empty() { root.nth(0).span() } else { place.span() };
                let of = if parent.is_empty() { String::new() } else { format!(" in `{parent}`") };
                let diagnostic = Diagnostic::error(RULE.code, format!("there is no `{key}`{of}"), span);
                let names = place.children().filter_map(|child| child.name());
                diagnostics.push(match mynah_syntax::nearest(key, names).filter(|name| !keys.contains(name)) {
                    Some(written) => diagnostic.with_help(format!("is `{written}` meant to be it?")),
                    None => diagnostic,
                });
            }
        }
    }
    let correlation = root.key("correlation");
    if correlation.children().next().is_some()
        && !correlation.key("timespan").exists()
        && !correlation.key("timeframe").exists()
    {
        diagnostics.push(Diagnostic::error(RULE.code, "there is no `timespan` in `correlation`", correlation.span()));
    }
}
