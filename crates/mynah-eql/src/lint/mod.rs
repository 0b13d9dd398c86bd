//! What can be said against a query that can be read, by theme.
mod names;
mod patterns;
mod refused;
mod types;

use crate::ast::{Comparison, Expr, ExprKind, Field, Query};
use crate::names::mentioned;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Span};
use mynah_view::{Kind, PlatformView, Resolution};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The rules, in the order of their names; and those that the lexer, the parser and the planner hold a query against.
pub(crate) static LINTS: [&Lint<Linted>; 23] = [
    &types::BOOLEAN_AGAINST_TEXT,
    &patterns::UNUSED_CASE,
    &patterns::CONTRADICTION,
    &patterns::DUPLICATE_IN_LIST,
    &types::FIELD_COMPARISON,
    &types::MATCH_AGAINST_NON_TEXT,
    &types::NUMBER_AGAINST_TEXT,
    &patterns::PATTERN_MATCHES_ALL,
    &patterns::REGEX_ANCHOR,
    &patterns::REGEX_WHOLE_VALUE,
    &names::TEXT_FIELD,
    &names::UNKNOWN_CATEGORY,
    &names::UNKNOWN_FIELD,
    &patterns::WILDCARD_IN_EQUALITY,
    &refused::ARGUMENT_TYPE,
    &refused::BAD_ESCAPE,
    &refused::BY_AFTER_WITH,
    &refused::KEYWORD_CASE,
    &refused::LIST_EQUALITY,
    &refused::NOT_BEFORE_OPERATOR,
    &refused::OLD_RAW_STRING,
    &refused::SINGLE_EQUALS,
    &refused::SINGLE_QUOTES,
];

/// The rules alone.
pub(crate) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| LINTS.iter().map(|lint| lint.rule).collect());

/// The event categories of the Elastic Common Schema.
pub(crate) use names::CATEGORIES;

/// What the rules have to say of a tree.
pub fn lint(query: &Query, view: &PlatformView) -> Vec<Diagnostic> {
    mynah_dialect::lint(&LINTS, &Linted::new(query.clone(), view))
}

/// What the rules look at: a query, and what the view makes of the names in it and of those that they may be meant for.
pub(crate) struct Linted {
    query: Query,
    names: BTreeMap<String, Resolution>,
}

impl Linted {
    fn new(query: Query, view: &PlatformView) -> Linted {
        let mut names = BTreeMap::new();
        for name in mentioned(&query) {
            let found = view.resolve(name);
            for other in found.suggestion.as_deref().into_iter().chain(name.strip_suffix(".text")) {
                names.entry(other.to_owned()).or_insert_with(|| view.resolve(other));
            }
            names.insert(name.to_owned(), found);
        }
        Linted { query, names }
    }

    /// What the view makes of a name of the query.
    fn resolve(&self, name: &str) -> Option<&Resolution> {
        self.names.get(name)
    }

    /// The kind of a field's values.
    fn kind(&self, field: &Field) -> Kind {
        self.resolve(&field.name).map_or(Kind::Text, |name| name.column.field_type.kind)
    }

    fn expressions(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        self.query.visit(&mut |expression| all.push(expression));
        all
    }

    /// The fields of which an operator of some kind asks something, with each text that they are held against.
    fn texts(&self, wanted: impl Fn(Operator) -> bool) -> Vec<(&Field, &str, Span)> {
        let tests = self.tests().into_iter().filter(|test| wanted(test.operator));
        let texts =
            tests.flat_map(|Test { field, constants, .. }| constants.into_iter().map(move |part| (field, part)));
        let texts = texts.filter_map(|(field, part)| match &part.kind {
            ExprKind::Text(text) => Some((field, text.as_str(), part.span())),
            _ => None,
        });
        texts.collect()
    }

    /// Every field that the query names, and where.
    fn fields(&self) -> Vec<(&Field, Span)> {
        let mut fields = Vec::new();
        self.query.visit(&mut |expression| {
            if let ExprKind::Field(field) = &expression.kind {
                fields.push((field, expression.span()));
            }
        });
        fields
    }

    /// Every test of a field against constants.
    fn tests(&self) -> Vec<Test<'_>> {
        self.expressions().into_iter().filter_map(test).collect()
    }
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

fn test(expression: &Expr) -> Option<Test<'_>> {
    let (value, operator, mut constants) = match &expression.kind {
        ExprKind::Compare(left, operator, right) => {
            let (field, other) = if left.is_constant() { (right, left) } else { (left, right) };
            (field, Operator::Compare(*operator), vec![other.as_ref()])
        }
        ExprKind::In(found) => (&found.value, Operator::In, found.list.iter().collect()),
        ExprKind::Match(found) if found.operator.is_regex() => {
            (&found.value, Operator::Regex, found.patterns.iter().collect())
        }
        ExprKind::Match(found) => (&found.value, Operator::Wildcard, found.patterns.iter().collect()),
        _ => return None,
    };
    let ExprKind::Field(field) = &value.kind else { return None };
    constants.retain(|part| part.is_constant());
    let compares = matches!(operator, Operator::Compare(_));
    (!compares || !constants.is_empty()).then(|| Test { field, operator, constants, span: expression.span() })
}

impl Operator {
    /// Whether it asks for equality: `==`, `!=`, `in`.
    fn is_equality(self) -> bool {
        matches!(self, Operator::Compare(Comparison::Equal | Comparison::NotEqual) | Operator::In)
    }
}
