use super::{Expr, ExprKind, InList, Item, Query, Select, Source, TimeFrame};

/// The expressions directly below one, in the order of the text; those of queries in it are not among them.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Column { .. }
        | ExprKind::Text(_)
        | ExprKind::Number(_)
        | ExprKind::Boolean(_)
        | ExprKind::Null
        | ExprKind::Star
        | ExprKind::Last { .. }
        | ExprKind::Error => Vec::new(),
        ExprKind::Negate(one)
        | ExprKind::Not(one)
        | ExprKind::TextSearch(one)
        | ExprKind::IsNull { value: one, .. } => vec![one],
        ExprKind::Arithmetic(left, _, right) | ExprKind::Compare(left, _, right) => vec![left, right],
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().collect(),
        ExprKind::Match { value, pattern, .. } => vec![value, pattern],
        ExprKind::In { value, list, .. } => {
            let mut all: Vec<&Expr> = vec![value];
            if let InList::Values(values) = list {
                all.extend(values);
            }
            all
        }
        ExprKind::Between { value, low, high, .. } => vec![value, low, high],
        ExprKind::Case { operand, branches, otherwise } => {
            let mut all: Vec<&Expr> = operand.iter().map(AsRef::as_ref).collect();
            for branch in branches {
                all.push(&branch.when);
                all.push(&branch.then);
            }
            all.extend(otherwise.iter().map(AsRef::as_ref));
            all
        }
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
    }
}

/// The query directly inside an expression, if it is `IN (SELECT …)`.
pub(crate) fn child_queries(expr: &Expr) -> Option<&Query> {
    match &expr.kind {
        ExprKind::In { list: InList::Query(query), .. } => Some(query),
        _ => None,
    }
}

/// Every `SELECT` of a query, outer ones first.
pub(crate) fn walk_selects<'q>(query: &'q Query, visit: &mut dyn FnMut(&'q Select)) {
    for select in &query.selects {
        visit(select);
        if let Source::Query { query, .. } = &select.source {
            walk_selects(query, visit);
        }
        for root in roots(select) {
            walk_below(root, &mut |expr| {
                if let Some(query) = child_queries(expr) {
                    walk_selects(query, visit);
                }
            });
        }
    }
}

/// Every expression of a query, parents first.
pub(crate) fn walk_exprs<'q>(query: &'q Query, visit: &mut dyn FnMut(&'q Expr)) {
    walk_selects(query, &mut |select| walk_own_exprs(select, visit));
}

/// Every expression of one `SELECT` but not of those inside it, parents first.
pub(crate) fn walk_own_exprs<'q>(select: &'q Select, visit: &mut dyn FnMut(&'q Expr)) {
    for root in roots(select) {
        walk_below(root, visit);
    }
}

fn walk_below<'q>(expr: &'q Expr, visit: &mut dyn FnMut(&'q Expr)) {
    visit(expr);
    for child in children(expr) {
        walk_below(child, visit);
    }
}

/// The whole expressions of one `SELECT`.
fn roots(select: &Select) -> Vec<&Expr> {
    let mut roots: Vec<&Expr> = Vec::new();
    for item in &select.items {
        if let Item::Expr { expr, .. } = item {
            roots.push(expr);
        }
    }
    roots.extend(&select.filter);
    roots.extend(&select.group_by);
    roots.extend(&select.having);
    roots.extend(select.order_by.iter().map(|order| &order.expr));
    if let Some(TimeFrame::Between { start, stop, .. }) = &select.time {
        roots.extend(start.iter().chain(stop));
    }
    roots
}
