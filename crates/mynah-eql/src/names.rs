//! The fields of a query, as the Elastic view knows them.
use crate::ast::{Expr, ExprKind, Query};
use mynah_view::{Kind, ScanColumn};
use std::collections::HashSet;

/// The field that holds an event's category.
pub(crate) const CATEGORY: &str = "event.category";

/// The field that holds an event's time.
pub(crate) const TIMESTAMP: &str = "@timestamp";

/// Whether a field's values are compared in lower case: Elastic's `.caseless` fields have a lowercase normalizer.
pub(crate) fn is_caseless(column: &ScanColumn) -> bool {
    column.name.ends_with(".caseless") && column.field_type.kind == Kind::Text
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
