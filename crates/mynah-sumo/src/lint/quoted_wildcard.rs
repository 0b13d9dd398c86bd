//! A wildcard between quotes in the scope.
use crate::ast::{Query, Scope};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/quoted-wildcard",
    severity: Severity::Warning,
    what: "a metadata field's value is quoted and has a wildcard",
    why: "in Sumo Logic quotes and wildcards cannot be used together for metadata; here the star is a wildcard all the same",
    bad: "_sourceCategory=\"prod/*\" error",
    good: "_sourceCategory=prod/* error",
    page: "https://www.sumologic.com/help/docs/search/get-started-with-search/search-basics/built-in-metadata/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    query.scope.walk(&mut |scope| {
        if let Scope::Field(name, _, value) = scope
            && name.text.starts_with('_')
            && let Scope::Phrase(text) = value.as_ref()
            && text.raw.contains('*')
        {
            let mut diagnostic =
                Diagnostic::warning(RULE.code, "a wildcard between quotes", text.place.0).with_help(RULE.why);
            if !text.raw.contains([' ', '(', ')', '|', '\\', '"', '\t', ',']) {
                diagnostic = diagnostic.with_fix(text.place.0, text.raw.clone(), "leave the quotes out");
            }
            found.push(diagnostic);
        }
    });
}
