//! Parameters of dashboards.
use super::expressions;
use crate::ast::{Expression, Place, Query, Scope};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/template-parameter",
    severity: Severity::Info,
    what: "a dashboard's parameter stands in the query",
    why: "the dashboard fills it in; in texts and keywords it is taken for `*`, its usual default",
    bad: "error | where user matches \"{{user}}\"",
    good: "error | where user matches \"*\"",
    page: "https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/search-templates/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<String> = Vec::new();
    let mut note = |text: &str, place: Place| {
        let Some((_, rest)) = text.split_once("{{") else { return };
        let Some((name, _)) = rest.split_once("}}") else { return };
        if !seen.iter().any(|other| other == name) {
            seen.push(name.to_owned());
            found.push(
                Diagnostic::info(RULE.code, format!("`{{{{{name}}}}}` is a parameter of a dashboard"), place.0)
                    .with_help(RULE.why),
            );
        }
    };
    query.scope.walk(&mut |scope| match scope {
        Scope::Word(word, place) => note(word, *place),
        Scope::Phrase(text) => note(&text.raw, text.place),
        Scope::Field(_, _, value) => match value.as_ref() {
            Scope::Word(word, place) => note(word, *place),
            Scope::Phrase(text) => note(&text.raw, text.place),
            _ => {}
        },
        _ => {}
    });
    expressions(query, &mut |expression| match expression {
        Expression::Text(text) => note(&text.raw, text.place),
        Expression::Regex(regex) => note(&regex.raw, regex.place),
        Expression::Parameter(name, place) => note(&format!("{{{{{name}}}}}"), *place),
        _ => {}
    });
}
