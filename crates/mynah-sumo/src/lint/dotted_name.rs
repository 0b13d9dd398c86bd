//! Names with dots and no quotes.
use super::expressions;
use crate::ast::{Expression, Name, Query};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/unquoted-dotted-name",
    severity: Severity::Info,
    what: "a field's name has a dot and is not quoted",
    why: "the vendor's pages disagree: the one on `json auto` says that names with dots need `%\"…\"`, the one on special characters that they do not",
    bad: "* | json auto | where user.name = \"x\"",
    good: "* | json auto | where %\"user.name\" = \"x\"",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-json-formatted-logs/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    let mut names: Vec<Name> = Vec::new();
    expressions(query, &mut |expression| {
        if let Expression::Field(name) = expression
            && !name.quoted
            && name.text.contains('.')
            // One word on each name will do.
            && !names.iter().any(|other| other.key() == name.key())
        {
            names.push(name.clone());
        }
    });
    for name in names {
        found.push(
            Diagnostic::info(RULE.code, format!("`{}` has a dot and is not quoted", name.text), name.span())
                .with_help(RULE.why)
                .with_fix(name.span(), format!("%\"{}\"", name.text), "quoted, it is the same field everywhere"),
        );
    }
}
