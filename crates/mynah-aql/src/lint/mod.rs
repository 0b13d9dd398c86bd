//! What is wrong with a query though it can be run, or would be refused though it is clear what it means.
//!
//! One file a rule: its [`Rule`], which is run as a test, and the code that finds it. Most rules look at
//! the tree alone ([`lint`]); some are found on the way by the lexer, the parser or the planner, which
//! then call the rule's `diagnostic`.
pub(crate) mod clause_order;
mod equals_wildcard;
pub(crate) mod incidr_order;
mod last_in_where;
mod like_without_wildcard;
pub(crate) mod log_source_type_name;
mod lower_like_upper;
mod minutes_for_months;
mod null_comparison;
mod raw_payload;
mod redundant_lower;
mod select_distinct;
pub(crate) mod smart_quote;
pub(crate) mod text_for_property;
pub(crate) mod twelve_hour_clock;
mod union_in_from;
pub(crate) mod unknown_property;
mod week_year;

use crate::ast::Query;
use mynah_syntax::{Diagnostic, Rule};

/// Every rule.
pub(crate) const RULES: &[Rule] = &[
    clause_order::RULE,
    equals_wildcard::RULE,
    incidr_order::RULE,
    last_in_where::RULE,
    like_without_wildcard::RULE,
    log_source_type_name::RULE,
    lower_like_upper::RULE,
    minutes_for_months::RULE,
    null_comparison::RULE,
    raw_payload::RULE,
    redundant_lower::RULE,
    select_distinct::RULE,
    smart_quote::RULE,
    text_for_property::RULE,
    twelve_hour_clock::RULE,
    union_in_from::RULE,
    unknown_property::RULE,
    week_year::RULE,
];

/// What the rules that look at the tree have to say.
pub(crate) fn lint(text: &str, query: &Query) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in [
        equals_wildcard::check,
        last_in_where::check,
        like_without_wildcard::check,
        lower_like_upper::check,
        minutes_for_months::check,
        null_comparison::check,
        raw_payload::check,
        redundant_lower::check,
        select_distinct::check,
        twelve_hour_clock::check,
        union_in_from::check,
        week_year::check,
    ] {
        check(text, query, &mut found);
    }
    found
}
