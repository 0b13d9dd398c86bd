//! The fields of a query, as the Elastic view knows them.
use crate::ast::{Expr, ExprKind, Query};
use mynah_view::{Kind, PlatformView, ScanColumn};
use std::collections::HashSet;

/// The field that holds an event's category.
pub(crate) const CATEGORY: &str = "event.category";

/// The field that holds an event's time.
pub(crate) const TIMESTAMP: &str = "@timestamp";

/// A name, and what the view makes of it.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    /// What to scan for it, under the name that the query uses.
    pub(crate) column: ScanColumn,
    /// Whether its values are compared in lower case: Elastic's `.caseless` fields have a lowercase normalizer.
    pub(crate) caseless: bool,
    /// Whether the view knows it.
    pub(crate) known: bool,
    /// What it is likely to be a mistake for.
    pub(crate) suggestion: Option<String>,
}

/// Looks a name up in the view.
pub(crate) fn resolve(view: &PlatformView, name: &str) -> Name {
    let resolution = view.resolve(name);
    let caseless = name.ends_with(".caseless") && resolution.column.field_type.kind == Kind::Text;
    Name { column: resolution.column, caseless, known: resolution.known, suggestion: resolution.suggestion }
}

/// The names of the fields that a query mentions, each once, in the order of the text.
pub(crate) fn mentioned(query: &Query) -> Vec<&str> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut names: Vec<&str> = Vec::new();
    query.visit(&mut |expression: &Expr| {
        if let ExprKind::Field(field) = &expression.kind
            && seen.insert(&field.name)
        {
            names.push(&field.name);
        }
    });
    names
}
