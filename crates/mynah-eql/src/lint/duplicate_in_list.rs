use super::{Lint, diagnostic};
use crate::ast::ExprKind;
use mynah_syntax::Span;
use mynah_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub(super) const RULE: Rule = Rule {
    code: "eql/duplicate-in-list",
    severity: Severity::Warning,
    what: "a value that stands twice in one list",
    why: "The second one does nothing; often another value was meant.",
    bad: r#"process where process.name in ("cmd.exe", "net.exe", "cmd.exe")"#,
    good: r#"process where process.name in ("cmd.exe", "net.exe")"#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-lookup-operators",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let (list, folded) = match &expression.kind {
            ExprKind::In(found) => (&found.list, found.folded),
            // What a regular expression's letters mean can depend on their case.
            ExprKind::Match(found) => (&found.patterns, found.operator.is_folded() && !found.operator.is_regex()),
            _ => continue,
        };
        let mut seen: HashMap<String, Span> = HashMap::new();
        for part in list {
            let ExprKind::Text(text) = &part.kind else { continue };
            let key = if folded { text.to_lowercase() } else { text.clone() };
            let span = part.span();
            match seen.entry(key) {
                Entry::Occupied(first) => {
                    let said = diagnostic(&RULE, "this value stands in the list already", span);
                    diagnostics.push(said.with_label(*first.get(), "here"));
                }
                Entry::Vacant(place) => {
                    place.insert(span);
                }
            }
        }
    }
}
