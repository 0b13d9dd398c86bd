//! Lint rules: what the vendor's product refuses or reads otherwise than its author. A file for each rule.
mod branch_types;
mod dotted_name;
mod equals_wildcard;
mod limit;
mod metadata_value;
mod numbers_in_list;
mod quoted_wildcard;
mod template_parameter;
mod timeslice;
mod unnamed_group;

use crate::ast::Query;
use mynah_syntax::{Diagnostic, Rule};

/// All rules, in the order of their codes.
pub(crate) const RULES: &[Rule] = &[
    branch_types::RULE,
    dotted_name::RULE,
    equals_wildcard::RULE,
    limit::RULE,
    metadata_value::RULE,
    numbers_in_list::RULE,
    quoted_wildcard::RULE,
    template_parameter::RULE,
    timeslice::RULE,
    unnamed_group::RULE,
];

/// Runs every rule.
pub(crate) fn check(query: &Query) -> Vec<Diagnostic> {
    let rules: [fn(&Query, &mut Vec<Diagnostic>); 10] = [
        branch_types::check,
        dotted_name::check,
        equals_wildcard::check,
        limit::check,
        metadata_value::check,
        numbers_in_list::check,
        quoted_wildcard::check,
        template_parameter::check,
        timeslice::check,
        unnamed_group::check,
    ];
    let mut found = Vec::new();
    for rule in rules {
        rule(query, &mut found);
    }
    found
}

/// Calls `visit` with every expression of a query, and those inside it.
fn expressions(query: &Query, visit: &mut dyn FnMut(&crate::ast::Expression)) {
    for step in &query.steps {
        for expression in step.operator.expressions() {
            expression.walk(visit);
        }
    }
}
