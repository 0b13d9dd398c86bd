//! `timeslice` without an aggregate.
use crate::ast::Query;
use crate::operators::Operator;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/timeslice-without-aggregate",
    severity: Severity::Warning,
    what: "no aggregate follows `timeslice`",
    why: "Sumo Logic wants an aggregating operator behind `timeslice`",
    bad: "error | timeslice 5m",
    good: "error | timeslice 5m | count by _timeslice",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/timeslice/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    let last = query.steps.iter().rposition(|step| {
        matches!(
            step.operator,
            Operator::Aggregate(_) | Operator::CountFrequent(_) | Operator::Top(_) | Operator::TopK(_)
        )
    });
    for (index, step) in query.steps.iter().enumerate() {
        if matches!(step.operator, Operator::Timeslice(_)) && last.is_none_or(|last| last < index) {
            found.push(
                Diagnostic::warning(RULE.code, "no aggregate follows this `timeslice`", step.span())
                    .with_help(RULE.why),
            );
        }
    }
}
