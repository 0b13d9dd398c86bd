//! Conditions put together as trees that are broad rather than deep, since planners follow them by recursion.
use datafusion::prelude::Expr;

/// All of these conditions; `None` for none.
///
/// ```
/// use datafusion::prelude::col;
/// let parts = ["a", "b", "c", "d"].map(col).to_vec();
/// assert_eq!(mynah_dialect::all_of(parts).unwrap().to_string(), "a AND b AND c AND d");
/// ```
pub fn all_of(parts: Vec<Expr>) -> Option<Expr> {
    balanced(parts, Expr::and)
}

/// Any of these conditions; `None` for none.
pub fn any_of(parts: Vec<Expr>) -> Option<Expr> {
    balanced(parts, Expr::or)
}

/// Parts joined in pairs, and the pairs in pairs, in their order; `None` for none.
///
/// ```
/// let joined = mynah_dialect::balanced(vec!["a", "b", "c"].into_iter().map(String::from).collect(), |l, r| format!("({l} {r})"));
/// assert_eq!(joined.as_deref(), Some("((a b) c)"));
/// ```
pub fn balanced<T>(mut parts: Vec<T>, pair: impl Fn(T, T) -> T) -> Option<T> {
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
