use mynah_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/dangling-or",
    severity: Severity::Warning,
    what: "an OR with nothing on its left",
    why: "OR joins two terms; one that opens a search joins nothing, and is dropped",
    bad: "index=main | search OR action=failure",
    good: "index=main | search action=failure",
    page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
};

pub(crate) fn diagnostic(span: Span) -> Diagnostic {
    Diagnostic::warning(RULE.code, "this OR has nothing on its left, and is dropped", span).with_fix(
        span,
        "",
        "take it away",
    )
}
