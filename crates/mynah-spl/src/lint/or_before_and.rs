use crate::search::Search;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/or-before-and",
    severity: Severity::Warning,
    what: "OR beside AND without parentheses in a search, between different fields",
    why: "in the search command OR binds tighter than AND, the reverse of where, eval and most languages",
    bad: "index=main user=root AND action=failure OR status=denied",
    good: "index=main user=root AND (action=failure OR status=denied)",
    page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
};

/// What to say of an OR without parentheses that stands beside other terms.
pub(crate) fn check(part: &Search, span: Span, text: &str) -> Option<Diagnostic> {
    let Search::Or(parts) = part else { return None };
    // `index=a OR index=b` reads as it is meant.
    let field = |part: &Search| match part {
        Search::Compare(comparison) => Some(comparison.field.node.clone()),
        _ => None,
    };
    let first = parts.first().and_then(field);
    if first.is_some() && parts.iter().all(|part| field(part) == first) {
        return None;
    }
    if part.has_piped() {
        return None;
    }
    Some(Diagnostic::warning(RULE.code, "OR binds tighter than AND here", span).with_fix(
        span,
        format!("({})", span.of(text)),
        "parentheses say it, and change nothing",
    ))
}
