//! One field and its values.
use super::fields::{plain_name, text};
use super::keywords::{self, Keyword};
use super::{Planner, balanced, unary};
use crate::document::Place;
use crate::modifier::{self, Comparison, Problem, Test, Tests};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Case, Matcher, Network, Pattern, cidr_match, regex_match, text_match};
use mynah_syntax::{Diagnostic, Severity};
use mynah_view::ScanColumn;
use rsigma_parser::DetectionItem;

impl Planner<'_> {
    /// Whether an event has a field's values. `place` is the item's key.
    pub(super) fn item(&mut self, item: &DetectionItem, place: Place<'_>) -> Option<Expr> {
        if let Some(nested) = nested(item, place) {
            return self.report(nested);
        }
        let (tests, remarks) = match modifier::tests(item, self.context.site, self.context.mode) {
            Ok(done) => done,
            Err(problem) => return self.report(diagnostic(problem, place)),
        };
        self.diagnostics.extend(remarks.into_iter().map(|remark| diagnostic(remark, place)));
        let case = if tests.cased { Case::Exact } else { Case::Folded };
        let all = tests.all;
        let negated = tests.negated;
        let parts = match &item.field.name {
            Some(name) => {
                let scanned = self.context.view.resolve(&plain_name(name)).column;
                self.field_tests(tests, &scanned, case)
            }
            None => match keyword_tests(tests, case) {
                Ok(parts) => parts,
                Err(what) => {
                    let message = format!("`{what}` needs a field");
                    return self.report(Diagnostic::error("sigma/value", message, place.span()));
                }
            },
        };
        let condition = if all { balanced::all(parts) } else { balanced::any(parts) };
        Some(if negated { condition.is_not_true() } else { condition })
    }

    fn field_tests(&self, tests: Tests, scanned: &ScanColumn, case: Case) -> Vec<Expr> {
        let mut parts = Vec::new();
        // Values of which one is enough are one test.
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut networks: Vec<Network> = Vec::new();
        let part = tests.part;
        for (_, test) in tests.tests {
            match test {
                Test::Patterns(these) if tests.all => parts.push(text_match(Matcher::new(these, case), text(scanned))),
                Test::Patterns(these) => patterns.extend(these),
                Test::Network(network) if tests.all => parts.push(cidr_match(vec![network], text(scanned))),
                Test::Network(network) => networks.push(network),
                Test::Regex(regex) => parts.push(regex_match(regex.into(), text(scanned))),
                Test::Null => parts.push(column(&scanned.name).is_null()),
                Test::Exists(true) => parts.push(column(&scanned.name).is_not_null()),
                Test::Exists(false) => parts.push(column(&scanned.name).is_null()),
                Test::Compare(comparison, number) => parts.push(match part {
                    Some(part) => unary::compare_part(text(scanned), part, comparison, number),
                    None => unary::compare(text(scanned), comparison, number),
                }),
                Test::Field(other) => {
                    let right = self.context.view.resolve(&other.name).column;
                    parts.push(unary::fields(text(scanned), text(&right), other.how, case == Case::Exact));
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
    for (_, test) in tests.tests {
        match test {
            Test::Patterns(these) if tests.all => parts.push(keywords::holds(Keyword::texts(these, case))),
            Test::Patterns(these) => patterns.extend(these),
            Test::Regex(regex) => parts.push(keywords::holds(Keyword::Regex(regex))),
            Test::Null => return Err("null"),
            Test::Exists(_) => return Err("exists"),
            Test::Network(_) => return Err("cidr"),
            Test::Field(_) => return Err("fieldref"),
            Test::Compare(Comparison::Equal, _) | Test::Compare(..) => return Err("a comparison"),
        }
    }
    if !patterns.is_empty() {
        parts.push(keywords::holds(Keyword::texts(patterns, case)));
    }
    Ok(if parts.is_empty() { vec![lit(false)] } else { parts })
}

/// Maps and lists where a value belongs, which the parser takes for text.
fn nested(item: &DetectionItem, place: Place<'_>) -> Option<Diagnostic> {
    let is_map = |place: Place<'_>| place.children().any(|child| child.name().is_some());
    let within = place.exists() && (is_map(place) || place.children().any(|child| child.children().next().is_some()));
    let spelled = item.values.iter().any(|value| match value {
        rsigma_parser::SigmaValue::String(text) => {
            // How the parser prints what it cannot take.
            text.original.starts_with("Mapping {")
                || text.original.starts_with("Sequence [")
                || text.original.starts_with("TaggedValue {")
        }
        _ => false,
    });
    (within || spelled).then(|| {
        Diagnostic::error(
            "sigma/value",
            "a value is a text, a number, true, false or null, or a list of these",
            place.span(),
        )
        .with_help("fields of fields are written with dots: `userIdentity.type: Root`")
    })
}

/// A problem at the value that it is about.
fn diagnostic(problem: Problem, place: Place<'_>) -> Diagnostic {
    let span = match problem.value {
        Some(index) if place.nth(index).exists() => place.nth(index).span(),
        _ => place.value(),
    };
    let mut diagnostic = match problem.severity {
        Severity::Error => Diagnostic::error(problem.code, problem.message, span),
        Severity::Warning => Diagnostic::warning(problem.code, problem.message, span),
        Severity::Info => Diagnostic::info(problem.code, problem.message, span),
    };
    if let Some(help) = problem.help {
        diagnostic = diagnostic.with_help(help);
    }
    diagnostic
}
