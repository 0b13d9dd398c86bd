//! What Splunk lets pass although it means something else than it seems to, a rule a file.

mod comparison_of_texts;
pub(crate) mod dangling_or;
mod lowercase_operator;
mod not_equal;
pub(crate) mod or_before_and;
pub(crate) mod pipe_in_parentheses;
mod time_format;
mod where_wildcard;

use crate::expression::Expression;
use crate::search::Search;
use mynah_syntax::{Diagnostic, Rule, Span};

/// Every rule, by code.
pub(crate) const RULES: &[Rule] = &[
    comparison_of_texts::RULE,
    dangling_or::RULE,
    lowercase_operator::RULE,
    not_equal::RULE,
    or_before_and::RULE,
    pipe_in_parentheses::RULE,
    time_format::RULE,
    where_wildcard::RULE,
];

/// What the rules have to say of a search.
pub(crate) fn search(_text: &str, _range: Span, search: &Search) -> Vec<Diagnostic> {
    let mut found = pipe_in_parentheses::check(search);
    found.extend(lowercase_operator::check(search));
    found.extend(not_equal::check(search));
    found
}

/// What the rules have to say of an eval expression.
pub(crate) fn expression(expression: &Expression) -> Vec<Diagnostic> {
    let mut found = time_format::check(expression);
    found.extend(where_wildcard::check(expression));
    found.extend(comparison_of_texts::check(expression));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};

    #[test]
    fn bad_examples_raise_their_rule_and_good_ones_do_not() {
        let catalog = mynah_view::Catalog::built_in().unwrap();
        let view = catalog.platform(mynah_event::Platform::Splunk).unwrap();
        let site = Site::default();
        let context = PlanContext {
            mode: Mode::Check,
            view: &view,
            site: &site,
            stages: &Stages::without_data(),
            now: &mynah_event::Timestamp::wall,
        };
        for rule in RULES {
            let raised = |query: &str| crate::Spl.plan(query, &context).diagnostics;
            let bad = raised(rule.bad);
            assert!(bad.iter().any(|d| d.code == rule.code && d.severity == rule.severity), "{}: {bad:?}", rule.code);
            let good = raised(rule.good);
            assert!(good.iter().all(|d| d.code != rule.code && !d.is_error()), "{}: {good:?}", rule.code);
        }
    }
}
