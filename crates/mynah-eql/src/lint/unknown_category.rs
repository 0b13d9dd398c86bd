use super::{Lint, diagnostic};
use mynah_syntax::{Diagnostic, Rule, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    code: "eql/unknown-category",
    severity: Severity::Info,
    what: "an event category that the Elastic Common Schema does not have",
    why: "The query looks for events with this value in `event.category`, and no integration of Elastic writes it.",
    bad: "proces where true",
    good: "process where true",
    page: "https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category",
};

/// The values of `event.category` that the schema allows.
const CATEGORIES: [&str; 19] = [
    "api",
    "authentication",
    "configuration",
    "database",
    "driver",
    "file",
    "host",
    "iam",
    "intrusion_detection",
    "library",
    "malware",
    "network",
    "package",
    "process",
    "registry",
    "session",
    "threat",
    "vulnerability",
    "web",
];

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for filter in lint.query.filters() {
        let Some(category) = filter.category.as_deref().filter(|category| !CATEGORIES.contains(category)) else {
            continue;
        };
        let span = filter.category_place.0;
        let said = diagnostic(&RULE, format!("the Elastic Common Schema has no event category `{category}`"), span);
        diagnostics.push(match nearest(category, CATEGORIES) {
            Some(known) => said.with_fix(span, known, format!("did you mean `{known}`?")),
            None => said.with_help("`any where …` looks at events of all categories"),
        });
    }
}
