use super::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use rsigma_parser::{Modifier, SigmaValue, SpecialChar, StringPart};

pub(super) const RULE: Rule = Rule {
    code: "sigma/redundant-wildcard",
    severity: Severity::Warning,
    what: "a wildcard where the modifier puts one anyway",
    why: "`contains`, `startswith` and `endswith` stand for wildcards: one of one's own in the same place says nothing.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains: '* /all*'
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
    const MANY: StringPart = StringPart::Special(SpecialChar::WildcardMulti);
    for (item, place) in lint.items() {
        let has = |modifier| item.field.has_modifier(modifier);
        if has(Modifier::Re) {
            continue;
        }
        let before = has(Modifier::Contains) || has(Modifier::EndsWith);
        let after = has(Modifier::Contains) || has(Modifier::StartsWith);
        for (index, value) in item.values.iter().enumerate() {
            let SigmaValue::String(text) = value else { continue };
            // Any value at all: there is no shorter way to say it.
            if text.parts.iter().all(|part| *part == MANY) {
                continue;
            }
            let first = before && text.parts.first() == Some(&MANY);
            let last = after && text.parts.last() == Some(&MANY);
            if first || last {
                let at = place.nth(index);
                let span = if at.exists() { at.span() } else { place.value() };
                let message =
                    format!("the wildcard at the {} says nothing here", if first { "beginning" } else { "end" });
                diagnostics.push(Diagnostic::warning(RULE.code, message, span));
            }
        }
    }
}
