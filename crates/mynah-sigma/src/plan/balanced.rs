use datafusion::logical_expr::{and, or};
use datafusion::prelude::{Expr, lit};

/// All of these, as a tree that is no deeper than it must be: plans are walked by recursion.
pub(crate) fn all(parts: Vec<Expr>) -> Expr {
    tree(parts, and).unwrap_or_else(|| lit(true))
}

/// Any of these, likewise.
pub(crate) fn any(parts: Vec<Expr>) -> Expr {
    tree(parts, or).unwrap_or_else(|| lit(false))
}

fn tree(mut parts: Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    while parts.len() > 1 {
        let mut next = Vec::with_capacity(parts.len().div_ceil(2));
        let mut pairs = parts.into_iter();
        while let Some(left) = pairs.next() {
            next.push(match pairs.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        parts = next;
    }
    parts.pop()
}
