//! A wildcard behind `=` in an expression.
use super::expressions;
use crate::ast::{BinaryOperator, Expression, Query};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/equals-wildcard",
    severity: Severity::Warning,
    what: "a text with `*` is compared by `=`",
    why: "behind the first pipe only `matches` knows wildcards: `=` looks for the star itself",
    bad: "* | where user = \"adm*\"",
    good: "* | where user matches \"adm*\"",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/where/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    expressions(query, &mut |expression| {
        let Expression::Binary(BinaryOperator::Equal | BinaryOperator::NotEqual, left, right) = expression else {
            return;
        };
        if let (Expression::Field(name), Expression::Text(text)) = (left.as_ref(), right.as_ref())
            && text.raw.len() > 1
            && text.raw.contains('*')
            && !text.raw.contains("{{")
        {
            let negated = matches!(expression, Expression::Binary(BinaryOperator::NotEqual, ..));
            let fix = if negated { format!("!({name} matches {text})") } else { format!("{name} matches {text}") };
            found.push(
                Diagnostic::warning(RULE.code, "`=` takes the `*` for a star", expression.span())
                    .with_help(RULE.why)
                    .with_fix(expression.span(), fix, "`matches` takes it for a wildcard"),
            );
        }
    });
}
