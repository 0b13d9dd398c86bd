use crate::search::Search;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/pipe-in-parentheses",
    severity: Severity::Warning,
    what: "pipelines in parentheses, joined by OR",
    why: "parentheses of the search command hold terms only; Splunk refuses a pipe in them. Mynah runs each pipeline over the events that match the rest of the search, and puts the rows together",
    bad: "index=main (action=failure | stats count by user) OR (action=blocked | stats count by user)",
    good: "index=main action=failure | stats count by user | append [search index=main action=blocked | stats count by user]",
    page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/subsearches/about-subsearches",
};

pub(super) fn check(search: &Search) -> Vec<Diagnostic> {
    let mut spans: Vec<Span> = Vec::new();
    search.walk(&mut |part| {
        if let Search::Piped { span, .. } = part {
            spans.push(*span);
        }
    });
    let mut spans = spans.into_iter();
    let Some(first) = spans.next() else { return Vec::new() };
    let warning = Diagnostic::warning(RULE.code, "Splunk allows no pipe in parentheses", first)
        .with_help("its parentheses hold search terms only. Run as a union: each pipeline over the events that match the rest of the search")
        .with_help("Splunk accepts: `SEARCH A | COMMANDS A | append [search SEARCH B | COMMANDS B]`");
    vec![spans.fold(warning, |warning, span| warning.with_label(span, "and here"))]
}

/// A pipeline in parentheses that no union can stand for.
pub(crate) fn misplaced(search: &Search) -> Diagnostic {
    let mut at = Span::default();
    search.walk(&mut |part| {
        if let Search::Piped { span, .. } = part {
            at = *span;
        }
    });
    Diagnostic::error(RULE.code, "a pipeline in parentheses can only be one of several joined by OR", at).with_help(
        "Splunk allows no pipe in parentheses: write each as a search of its own, joined by `append` or `multisearch`",
    )
}
