use super::{Expr, ExprKind, Item, Query, Select, Source, Test, TimeFrame};
use std::iter::once;

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
        ExprKind::Negate(one) | ExprKind::Not(one) | ExprKind::TextSearch(one) => vec![one],
        ExprKind::Arithmetic(left, _, right) | ExprKind::Compare(left, _, right) => vec![left, right],
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().collect(),
        ExprKind::Test { value, test, .. } => match test {
            Test::Match(_, pattern) => vec![value, pattern],
            Test::In(list) => once(value.as_ref()).chain(list).collect(),
            Test::Between(low, high) => vec![value, low, high],
            Test::InQuery(_) | Test::Null => vec![value],
        },
        ExprKind::Case { operand, branches, otherwise } => {
            let cases = branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
            operand.as_deref().into_iter().chain(cases).chain(otherwise.as_deref()).collect()
        }
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
    }
}

/// The query directly inside an expression, if it is `IN (SELECT …)`.
pub(crate) fn child_queries(expr: &Expr) -> Option<&Query> {
    match &expr.kind {
        ExprKind::Test { test: Test::InQuery(query), .. } => Some(query),
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
    let items = select.items.iter().filter_map(|item| match item {
        Item::Expr { expr, .. } => Some(expr),
        Item::Star(_) => None,
    });
    let order = select.order_by.iter().map(|order| &order.expr);
    let (start, stop) = match &select.time {
        Some(TimeFrame::Between { start, stop, .. }) => (start.as_ref(), stop.as_ref()),
        _ => (None, None),
    };
    let clauses = select.filter.iter().chain(&select.group_by).chain(&select.having).chain(order);
    items.chain(clauses).chain(start).chain(stop).collect()
}
