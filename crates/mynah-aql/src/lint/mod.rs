//! What is wrong with a query though it can be run, or would be refused though it is clear what it means.
//!
//! Most rules look at the tree; some are found on the way by the lexer, the parser or the planner, which call the
//! function that is named after the rule.
mod clauses;
mod conditions;
mod dates;
mod names;
mod values;

pub(crate) use clauses::clause_order;
pub(crate) use names::{incidr_order, log_source_type_name, smart_quote, text_for_property, unknown_property};
pub(crate) use values::{never_a_number, never_an_address, no_value};

use crate::ast::{Expr, Query, walk_exprs};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule};
use std::sync::LazyLock;

/// The page of the operators.
const OPERATORS: &str = "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html";

/// What the rules have to say of a tree and its text.
pub fn lint(text: &str, query: &Query) -> Vec<Diagnostic> {
    mynah_dialect::lint(&LINTS, &Linted { text: text.to_owned(), query: query.clone() })
}

/// What the rules look at.
pub(crate) struct Linted {
    pub text: String,
    pub query: Query,
}

impl Linted {
    /// What `check` has to say of each expression of the query, parents first.
    fn each<'q>(&'q self, check: impl Fn(&'q Expr) -> Option<Diagnostic>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        walk_exprs(&self.query, &mut |expr| found.extend(check(expr)));
        found
    }
}

/// Every rule.
pub(crate) static LINTS: [&Lint<Linted>; 21] = [
    &clauses::CLAUSE_ORDER,
    &conditions::EQUALS_WILDCARD,
    &names::INCIDR_ORDER,
    &clauses::LAST_IN_WHERE,
    &conditions::LIKE_WITHOUT_WILDCARD,
    &names::LOG_SOURCE_TYPE_NAME,
    &conditions::CASE_NEVER_MATCHES,
    &dates::MINUTES_FOR_MONTHS,
    &values::NETWORK_COMPARISON,
    &values::NO_VALUE,
    &conditions::NULL_COMPARISON,
    &values::NUMBER_COMPARISON,
    &conditions::RAW_PAYLOAD,
    &conditions::REDUNDANT_LOWER,
    &clauses::SELECT_DISTINCT,
    &names::SMART_QUOTE,
    &names::TEXT_FOR_PROPERTY,
    &dates::TWELVE_HOUR_CLOCK,
    &clauses::UNION_IN_FROM,
    &names::UNKNOWN_PROPERTY,
    &dates::WEEK_YEAR,
];

/// The rules alone.
pub(crate) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| LINTS.iter().map(|lint| lint.rule).collect());

/// A text in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The check of a rule that is found on the way.
const fn found_elsewhere(_: &Linted, _: &mut Vec<Diagnostic>) {}
