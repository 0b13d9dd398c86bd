//! What Splunk lets pass although it means something else than it seems to.

mod expressions;
mod searches;

use crate::expression::Expression;
use crate::pipeline::{Part, Query};
use crate::search::Search;
use expressions::{COMPARISON_OF_TEXTS, DOTTED_FIELD, LIKE_STAR, TIME_FORMAT, WHERE_WILDCARD};
use mynah_dialect::Lint;
use mynah_syntax::Rule;
use searches::{DANGLING_OR, EMPTY, LIKE_IN_SEARCH, LOWERCASE_OPERATOR, NOT_EQUAL, OR_BEFORE_AND, PIPE_IN_PARENTHESES};

pub(crate) use searches::misplaced;

/// Every rule, by code.
pub(crate) const LINTS: &[&Lint<Query>] = &[
    &COMPARISON_OF_TEXTS,
    &DANGLING_OR,
    &DOTTED_FIELD,
    &EMPTY,
    &LIKE_IN_SEARCH,
    &LIKE_STAR,
    &LOWERCASE_OPERATOR,
    &NOT_EQUAL,
    &OR_BEFORE_AND,
    &PIPE_IN_PARENTHESES,
    &TIME_FORMAT,
    &WHERE_WILDCARD,
];

/// What the rules say of themselves.
pub(crate) static RULES: [Rule; 12] = [
    COMPARISON_OF_TEXTS.rule,
    DANGLING_OR.rule,
    DOTTED_FIELD.rule,
    EMPTY.rule,
    LIKE_IN_SEARCH.rule,
    LIKE_STAR.rule,
    LOWERCASE_OPERATOR.rule,
    NOT_EQUAL.rule,
    OR_BEFORE_AND.rule,
    PIPE_IN_PARENTHESES.rule,
    TIME_FORMAT.rule,
    WHERE_WILDCARD.rule,
];

/// Shows every search of a query, those of subsearches too.
fn walk_searches<'q>(query: &'q Query, visit: &mut dyn FnMut(&'q Search)) {
    query.pipeline.walk(&mut |part| {
        if let Part::Search(search) = part {
            visit(search);
        }
    });
}

/// Shows every part of every expression of a query.
fn walk_expressions<'q>(query: &'q Query, visit: &mut dyn FnMut(&'q Expression)) {
    query.pipeline.walk(&mut |part| {
        if let Part::Expression(expression) = part {
            expression.walk(visit);
        }
    });
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
        let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data() };
        for rule in &RULES {
            let raised = |query: &str| crate::Spl.plan(query, &context).diagnostics;
            let bad = raised(rule.bad);
            assert!(bad.iter().any(|d| d.code == rule.code && d.severity == rule.severity), "{}: {bad:?}", rule.code);
            let good = raised(rule.good);
            assert!(good.iter().all(|d| d.code != rule.code && !d.is_error()), "{}: {good:?}", rule.code);
        }
    }
}
