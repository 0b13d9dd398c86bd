use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::{Modifier, SigmaValue};

pub(super) const RULE: Rule = Rule {
    code: "sigma/escaped-wildcard",
    severity: Severity::Warning,
    what: "a backslash before a wildcard at the end of a path",
    why: "`\\*` is a plain star. A backslash with a wildcard behind it is written `\\\\*`.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image: 'C:\Temp\*'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image: 'C:\Temp\\*'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (item, place) in lint.items() {
        if item.field.has_modifier(Modifier::Re) {
            continue;
        }
        for (index, value) in item.values.iter().enumerate() {
            let SigmaValue::String(text) = value else { continue };
            let Some(path) = text.original.strip_suffix("\\*") else { continue };
            // A path: stars that are looked for as such stand behind backslashes too.
            let folders =
                path.as_bytes().windows(2).any(|pair| matches!(pair, [b'\\', next] if next.is_ascii_alphanumeric()));
            if path.ends_with('\\') || !(folders || path.ends_with(':')) {
                continue;
            }
            let at = place.nth(index);
            let span = if at.exists() { at.span() } else { place.value() };
            let help = "for a folder and whatever is in it write `\\\\*`, or use `startswith` without the star";
            diagnostics
                .push(Diagnostic::warning(RULE.code, "the star at the end is a plain one", span).with_help(help));
        }
    }
}
