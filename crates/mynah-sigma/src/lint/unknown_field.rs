use super::Lint;
use crate::log_source::Wanted;
use crate::plan::plain_name;
use mynah_syntax::{Diagnostic, Rule, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    code: "sigma/unknown-field",
    severity: Severity::Warning,
    what: "a field that the log source does not have",
    why: "It has no value, so that what is looked for in it is not found.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Imagee|endswith: '\whoami.exe'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-taxonomy.md",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (rule, root) in lint.rules() {
        let sources = Wanted::of(&rule.logsource).sources(lint.view);
        if sources.is_empty() {
            continue;
        }
        let known: Vec<&str> =
            sources.iter().flat_map(|source| lint.view.names_of(source)).map(|(name, _)| name).collect();
        for (item, place) in lint.items_of(&rule.detection, root.key("detection")) {
            let Some(name) = item.field.name.as_deref().map(plain_name) else { continue };
            if known.contains(&name.as_str()) {
                continue;
            }
            let meant = nearest(&name, known.iter().copied().filter(|known| is_close(&name, known)));
            let bindings = lint.view.resolve(&name).column.bindings;
            let is_read = bindings.iter().any(|(source, _)| sources.contains(source));
            // Views that take any name are asked only where another one is close.
            if meant.is_none() && is_read {
                continue;
            }
            let message = format!("the log source has no field `{name}`");
            let diagnostic = Diagnostic::warning(RULE.code, message, place.span());
            diagnostics.push(match meant {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => diagnostic,
            });
        }
    }
}

/// Whether a name is another but for a letter or two in its middle, or for its case.
fn is_close(name: &str, known: &str) -> bool {
    let (name, known) = (name.to_lowercase(), known.to_lowercase());
    let same = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| {
        left.zip(right).take_while(|(left, right)| left == right).count()
    };
    let before = same(&mut name.chars(), &mut known.chars());
    let after = same(&mut name.chars().rev(), &mut known.chars().rev());
    before > 0 && before + after + 2 >= name.chars().count().max(known.chars().count())
}
