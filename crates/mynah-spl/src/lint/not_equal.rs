use crate::search::{Operator, Search};
use mynah_syntax::{Diagnostic, Rule, Severity};

/// The rule, for people.
pub(crate) const RULE: Rule = Rule {
    code: "spl/not-equal-needs-field",
    severity: Severity::Info,
    what: "`field!=value` in a search",
    why: "it finds only events that have the field; `NOT field=value` finds those that lack it too",
    bad: "index=main user!=root",
    good: "index=main NOT user=root",
    page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/difference-between--and-not",
};

pub(super) fn check(search: &Search) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    search.walk(&mut |part| {
        if let Search::Compare(comparison) = part
            && comparison.operator == Operator::NotEqual
            && let Some(value) = comparison.values.first()
        {
            let name = &comparison.field.node;
            found.push(
                Diagnostic::info(
                    RULE.code,
                    format!("events without `{name}` do not match"),
                    comparison.field.span.to(value.span),
                )
                .with_help(format!("`NOT {name}=...` matches them too")),
            );
        }
    });
    found
}
