//! More rows than `limit` allows.
use crate::ast::Query;
use crate::operators::Operator;
use crate::parser::Count;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/limit-too-high",
    severity: Severity::Warning,
    what: "`limit` asks for more than 10,000 rows",
    why: "Sumo Logic refuses a limit of more than 10,000",
    bad: "error | limit 10001",
    good: "error | limit 10000",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/limit/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    for step in &query.steps {
        if let Operator::Limit(limit) = &step.operator
            && let Count::Number(number @ 10_001.., place) = limit.number
        {
            found.push(
                Diagnostic::warning(RULE.code, format!("{number} is more than `limit` allows"), place.0)
                    .with_help(RULE.why)
                    .with_fix(place.0, "10000", "ask for the most there can be"),
            );
        }
    }
}
