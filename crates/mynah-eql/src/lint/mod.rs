//! What can be said against a query that can be read, by theme.
mod names;
mod patterns;
mod refused;
mod types;

use crate::ast::{Comparison, Expr, ExprKind, Field, Query};
use crate::names::{Name, mentioned, resolve};
use mynah_dialect::Lint;
use mynah_syntax::{Rule, Span};
use mynah_view::{Kind, PlatformView};
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

/// What the rules look at: a query, and what the view makes of the names in it and of those that they may be meant for.
pub(crate) struct Linted {
    query: Query,
    names: BTreeMap<String, Name>,
}

impl Linted {
    pub(crate) fn new(query: Query, view: &PlatformView) -> Linted {
        let mut names = BTreeMap::new();
        for name in mentioned(&query) {
            let found = resolve(view, name);
            for other in found.suggestion.as_deref().into_iter().chain(name.strip_suffix(".text")) {
                names.entry(other.to_owned()).or_insert_with(|| resolve(view, other));
            }
            names.insert(name.to_owned(), found);
        }
        Linted { query, names }
    }

    /// What the view makes of a name of the query.
    fn resolve(&self, name: &str) -> Option<&Name> {
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
