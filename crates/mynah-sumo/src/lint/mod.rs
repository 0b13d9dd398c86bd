//! Lint rules: what the vendor's product refuses or reads otherwise than its author.
mod expressions;
mod operators;

use crate::ast::{Expression, Query, Step};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Span};
use std::sync::LazyLock;

/// All rules, in the order of their codes.
pub(crate) static LINTS: [&Lint<Query>; 16] = [
    &expressions::AGGREGATE_EXPRESSION,
    &expressions::BRANCH_TYPES,
    &expressions::CONCAT_ARGUMENTS,
    &operators::EMPTY_QUERY,
    &expressions::EQUALS_WILDCARD,
    &operators::LIMIT,
    &expressions::METADATA_VALUE,
    &expressions::NUMBERS_IN_LIST,
    &expressions::PERCENT_WILDCARD,
    &operators::QUOTED_WILDCARD,
    &operators::REPEATED_FIELD,
    &operators::TEMPLATE_PARAMETER,
    &operators::TIMESLICE,
    &operators::UNNAMED_GROUP,
    &expressions::DOTTED_NAME,
    &operators::WINDOW,
];

/// What they say of themselves.
pub(crate) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| LINTS.iter().map(|lint| lint.rule).collect());

/// Calls `visit` with every expression of a query, and those inside it.
fn expressions(query: &Query, visit: &mut dyn FnMut(&Expression)) {
    let mut steps: Vec<&Step> = query.steps.iter().collect();
    let mut next = 0;
    while let Some(step) = steps.get(next).copied() {
        next += 1;
        steps.extend(step.operator.inner());
        for expression in step.operator.expressions() {
            expression.walk(visit);
        }
    }
}

/// What a rule says of a place, and why.
fn says(lint: &Lint<Query>, message: impl Into<String>, place: Span) -> Diagnostic {
    lint.rule.diagnostic(message, place).with_help(lint.rule.why)
}
