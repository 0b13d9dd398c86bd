//! Conditions put together as a tree that is broad rather than deep: DataFusion follows it by recursion.
use datafusion::logical_expr::Expr;

/// All of these; `None` for none.
pub(crate) fn all(parts: Vec<Expr>) -> Option<Expr> {
    join(parts, Expr::and)
}

/// Any of these; `None` for none.
pub(crate) fn any(parts: Vec<Expr>) -> Option<Expr> {
    join(parts, Expr::or)
}

fn join(mut parts: Vec<Expr>, pair: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    while parts.len() > 1 {
        let mut halved = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            halved.push(match rest.next() {
                Some(right) => pair(left, right),
                None => left,
            });
        }
        parts = halved;
    }
    parts.pop()
}
