use crate::document::Place;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: "sigma/aggregation",
    severity: Severity::Error,
    what: "an aggregation behind a condition (`| count() > 5`)",
    why: "Version 2 of the specification took aggregations and `near` out of conditions. What they said is a correlation now.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection | count() by User > 5"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md",
};

/// Looks at the conditions of one document.
pub(crate) fn check(root: Place<'_>, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let condition = root.key("detection").key("condition");
    let mut places = vec![condition];
    if condition.children().next().is_some() {
        places = condition.children().collect();
    }
    for place in places.into_iter().filter(|place| place.exists()) {
        let value = place.value();
        // The bar that begins a block of text is none.
        let start = usize::from(value.of(text).starts_with('|'));
        let Some(at) = value.of(text).get(start..).and_then(|condition| condition.find('|')) else { continue };
        let at = value.start + start + at;
        let what = Span::new(at, value.end);
        let function = what
            .of(text)
            .trim_start_matches('|')
            .trim_start()
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        let message = format!("the aggregation `{function}` in a condition is not supported");
        diagnostics.push(Diagnostic::error(RULE.code, message, what).with_help(
            "write a correlation in a second document: `correlation: { type: event_count, rules: [...], group-by: [...], timespan: 5m, condition: { gt: 5 } }`",
        ));
    }
}
