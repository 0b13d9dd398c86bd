//! What QRadar calls a result column that has no alias.
use crate::ast::{Expr, ExprKind};
use crate::functions;

/// A property keeps its name. A function is its name in small letters and the words of its arguments
/// (`qidname_qid`), an aggregate the same with its name in capitals (`SUM_eventcount`, and `COUNT` for
/// `COUNT(*)`). Anything else keeps its text.
///
/// These are the keys of the rows that the Ariel API returns.
pub(super) fn default_name(text: &str, expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Column { name, .. } => name.clone(),
        ExprKind::Call { name, name_at, .. } => {
            let inside = mynah_syntax::Span::new(name_at.0.end, expr.span().end).of(text);
            let words = inside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let name = if functions::is_aggregate(name) { name.to_uppercase() } else { name.to_lowercase() };
            std::iter::once(name.as_str()).chain(words).collect::<Vec<_>>().join("_")
        }
        _ => expr.span().of(text).to_owned(),
    }
}
