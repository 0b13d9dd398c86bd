//! What can be said against a query that can be read, a file a rule.
mod boolean_against_text;
mod contradiction;
mod duplicate_in_list;
mod field_comparison;
mod match_against_non_text;
mod number_against_text;
mod pattern_matches_all;
mod regex_anchor;
mod regex_whole_value;
mod text_field;
mod unknown_category;
mod unknown_field;
mod unused_case;
mod wildcard_in_equality;

use crate::ast::{Comparison, Expr, ExprKind, Field, Query};
use crate::names::{self, Name};
use mynah_syntax::{Diagnostic, Rule, Severity, Span};
use mynah_view::{Kind, PlatformView};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The rules, in the order of their names; and those that the lexer, the parser and the planner hold a query against.
pub(crate) static RULES: [Rule; 23] = [
    boolean_against_text::RULE,
    unused_case::RULE,
    contradiction::RULE,
    duplicate_in_list::RULE,
    field_comparison::RULE,
    match_against_non_text::RULE,
    number_against_text::RULE,
    pattern_matches_all::RULE,
    regex_anchor::RULE,
    regex_whole_value::RULE,
    text_field::RULE,
    unknown_category::RULE,
    unknown_field::RULE,
    wildcard_in_equality::RULE,
    refused::ARGUMENT_TYPE,
    refused::BAD_ESCAPE,
    refused::BY_AFTER_WITH,
    refused::KEYWORD_CASE,
    refused::LIST_EQUALITY,
    refused::NOT_BEFORE_OPERATOR,
    refused::OLD_RAW_STRING,
    refused::SINGLE_EQUALS,
    refused::SINGLE_QUOTES,
];

mod refused;

const CHECKS: [fn(&Lint<'_>, &mut Vec<Diagnostic>); 14] = [
    boolean_against_text::check,
    unused_case::check,
    contradiction::check,
    duplicate_in_list::check,
    field_comparison::check,
    match_against_non_text::check,
    number_against_text::check,
    pattern_matches_all::check,
    regex_anchor::check,
    regex_whole_value::check,
    text_field::check,
    unknown_category::check,
    unknown_field::check,
    wildcard_in_equality::check,
];

/// Holds a query against every rule.
pub(crate) fn check(query: &Query, view: &PlatformView) -> Vec<Diagnostic> {
    let lint = Lint { query, view, names: RefCell::default() };
    let mut diagnostics = Vec::new();
    for check in CHECKS {
        check(&lint, &mut diagnostics);
    }
    diagnostics
}

/// What a rule looks at.
struct Lint<'a> {
    query: &'a Query,
    view: &'a PlatformView,
    /// The names looked up so far: to find what a misspelt one means takes a while.
    names: RefCell<BTreeMap<String, Name>>,
}

/// A field against constants, whichever way it is written.
struct Test<'a> {
    field: &'a Field,
    /// How they are compared.
    operator: Operator,
    /// What it is compared with.
    constants: Vec<&'a Expr>,
    span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Compare(Comparison),
    In,
    Wildcard,
    Regex,
}

impl<'a> Lint<'a> {
    fn resolve(&self, field: &Field) -> Name {
        let resolve = || names::resolve(self.view, &field.name);
        self.names.borrow_mut().entry(field.name.clone()).or_insert_with(resolve).clone()
    }

    /// The kind of a field's values.
    fn kind(&self, field: &Field) -> Kind {
        self.resolve(field).column.field_type.kind
    }

    fn expressions(&self) -> Vec<&'a Expr> {
        let mut all = Vec::new();
        self.query.visit(&mut |expression| all.push(expression));
        all
    }

    /// Every test of a field against constants.
    fn tests(&self) -> Vec<Test<'a>> {
        self.expressions().into_iter().filter_map(test).collect()
    }
}

fn test(expression: &Expr) -> Option<Test<'_>> {
    let span = expression.span();
    match &expression.kind {
        ExprKind::Compare(left, operator, right) => {
            let operator = Operator::Compare(*operator);
            match (&left.kind, &right.kind) {
                (ExprKind::Field(field), _) if is_constant(right) => {
                    Some(Test { field, operator, constants: vec![right], span })
                }
                (_, ExprKind::Field(field)) if is_constant(left) => {
                    Some(Test { field, operator, constants: vec![left], span })
                }
                _ => None,
            }
        }
        ExprKind::In(found) => match &found.value.kind {
            ExprKind::Field(field) => {
                let constants = found.list.iter().filter(|part| is_constant(part)).collect();
                Some(Test { field, operator: Operator::In, constants, span })
            }
            _ => None,
        },
        ExprKind::Match(found) => match &found.value.kind {
            ExprKind::Field(field) => {
                let operator = if found.operator.is_regex() { Operator::Regex } else { Operator::Wildcard };
                Some(Test { field, operator, constants: found.patterns.iter().collect(), span })
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_constant(expression: &Expr) -> bool {
    matches!(
        expression.kind,
        ExprKind::Null | ExprKind::Boolean(_) | ExprKind::Integer(_) | ExprKind::Float(_) | ExprKind::Text(_)
    )
}

impl Operator {
    /// Whether it asks for equality: `==`, `!=`, `in`.
    fn is_equality(self) -> bool {
        matches!(self, Operator::Compare(Comparison::Equal | Comparison::NotEqual) | Operator::In)
    }
}

/// A diagnostic as its rule has it.
fn diagnostic(rule: &Rule, message: impl Into<String>, span: Span) -> Diagnostic {
    match rule.severity {
        Severity::Error => Diagnostic::error(rule.code, message, span),
        Severity::Warning => Diagnostic::warning(rule.code, message, span),
        Severity::Info => Diagnostic::info(rule.code, message, span),
    }
}
