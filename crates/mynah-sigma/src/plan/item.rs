//! One field and its values.
use super::Planner;
use super::fields::{self, DOCUMENT, RAW, text};
use super::functions::{Keyword, RowFunction};
use crate::ast::Item;
use crate::modifier::{self, Test, Tests};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{all_of, any_of, column, marked};
use mynah_kernels::{Case, Matcher, Network, Number, Pattern, call, cidr_match, regex_match, text_match};
use mynah_syntax::Diagnostic;
use mynah_view::ScanColumn;

impl Planner<'_> {
    /// Whether an event has a field's values.
    pub(super) fn item(&mut self, item: &Item) -> Option<Expr> {
        if let (Some(field), Some(members)) = (&item.field, &item.members) {
            let scanned = self.resolved(field);
            let members = self.members(members)?;
            let condition = call(RowFunction::Members(members), vec![text(&scanned)]);
            return Some(marked(item.span.to(item.values_span), condition));
        }
        let tests = modifier::tests(item, self.context.site, self.context.mode, self.diagnostics)?;
        let case = if tests.cased { Case::Exact } else { Case::Folded };
        let all = tests.all;
        let negated = tests.negated;
        let parts = match &item.field {
            Some(name) => {
                let scanned = self.resolved(name);
                self.field_tests(tests, &scanned, case)
            }
            None => match keyword_tests(tests, case) {
                Ok(parts) => parts,
                Err(what) => {
                    let message = format!("`{what}` needs a field");
                    return self.report(Diagnostic::error("sigma/value", message, item.values_span));
                }
            },
        };
        let joined = if all { all_of(parts) } else { any_of(parts) };
        let condition = joined.unwrap_or_else(|| lit(all));
        let predicate = if negated { condition.is_not_true() } else { condition };
        Some(marked(item.span.to(item.values_span), predicate))
    }

    fn field_tests(&mut self, tests: Tests, scanned: &ScanColumn, case: Case) -> Vec<Expr> {
        let mut parts = Vec::new();
        // Values of which one is enough are one test.
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut networks: Vec<Network> = Vec::new();
        let part = tests.part;
        for test in tests.tests {
            match test {
                Test::Patterns(these) if tests.all => parts.push(text_match(Matcher::new(these, case), text(scanned))),
                Test::Patterns(these) => patterns.extend(these),
                Test::Network(network) if tests.all => parts.push(cidr_match(vec![network], text(scanned))),
                Test::Network(network) => networks.push(network),
                Test::Regex(regex) => parts.push(regex_match(regex, text(scanned))),
                Test::Null => {
                    parts.push(column(&scanned.name).is_null());
                    if fields::is_event_data(scanned) {
                        parts.push(text_match(Matcher::equal([""], Case::Exact), text(scanned)));
                    }
                }
                Test::Exists(true) => parts.push(column(&scanned.name).is_not_null()),
                Test::Exists(false) => parts.push(column(&scanned.name).is_null()),
                Test::Compare(comparison, number) => {
                    let compare = RowFunction::CompareNumber { part, comparison, number: Number(number) };
                    parts.push(call(compare, vec![text(scanned)]));
                }
                Test::Field(other, how) => {
                    let right = self.resolved(&other);
                    let compare = RowFunction::CompareField { how, cased: case == Case::Exact };
                    parts.push(call(compare, vec![text(scanned), text(&right)]));
                }
            }
        }
        if !networks.is_empty() {
            parts.insert(0, cidr_match(networks, text(scanned)));
        }
        if !patterns.is_empty() {
            parts.insert(0, text_match(Matcher::new(patterns, case), text(scanned)));
        }
        parts
    }
}

/// The tests of values without a field; or what of them has no meaning without one.
fn keyword_tests(tests: Tests, case: Case) -> Result<Vec<Expr>, &'static str> {
    let mut parts = Vec::new();
    let mut patterns = Vec::new();
    let holds = |keyword: Keyword| call(RowFunction::Keyword(keyword), vec![column(RAW), column(DOCUMENT)]);
    for test in tests.tests {
        match test {
            Test::Patterns(these) if tests.all => parts.push(holds(Keyword::texts(these, case))),
            Test::Patterns(these) => patterns.extend(these),
            Test::Regex(regex) => parts.push(holds(Keyword::Regex(regex))),
            Test::Null => return Err("null"),
            Test::Exists(_) => return Err("exists"),
            Test::Network(_) => return Err("cidr"),
            Test::Field(..) => return Err("fieldref"),
            Test::Compare(..) => return Err("a comparison"),
        }
    }
    if !patterns.is_empty() {
        parts.push(holds(Keyword::texts(patterns, case)));
    }
    Ok(if parts.is_empty() { vec![lit(false)] } else { parts })
}
