use crate::search::Search;
use mynah_syntax::{Diagnostic, Rule, Severity};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/lowercase-operator",
    severity: Severity::Warning,
    what: "`and`, `or` or `not` in lower case in a search",
    why: "operators of the search command are upper case; in lower case they are words to be found in the event",
    bad: "index=main action=failure or action=blocked",
    good: "index=main action=failure OR action=blocked",
    page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
};

pub(super) fn check(search: &Search) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    search.walk(&mut |part| {
        if let Search::Term(value) = part
            && !value.quoted
            && ["and", "or", "not"].contains(&value.text.to_lowercase().as_str())
        {
            let upper = value.text.to_uppercase();
            found.push(
                Diagnostic::warning(
                    RULE.code,
                    format!("`{}` is a word to be found here, not an operator", value.text),
                    value.span,
                )
                .with_fix(value.span, upper.clone(), format!("write `{upper}`")),
            );
        }
    });
    found
}
