//! The columns of a result: which there are, and what they are called.
use super::aggregation::Aggregation;
use super::scope::{Column, Scope};
use super::{Planner, Type};
use crate::ast::{self, ExprKind, Item, Number, Select, children, key};
use crate::functions;
use mynah_syntax::Span;
use std::borrow::Cow;

/// The columns of `SELECT * FROM events`, in the order in which the Ariel API returns them; every other
/// property must be named.
const EVENT_COLUMNS: [&str; 13] = [
    "starttime",
    "protocolid",
    "sourceip",
    "logsourceid",
    "qid",
    "sourceport",
    "eventcount",
    "magnitude",
    "identityip",
    "destinationip",
    "destinationport",
    "category",
    "username",
];

/// A column of the result.
pub(super) struct Output<'q> {
    name: String,
    pub expr: Cow<'q, ast::Expr>,
    aliased: bool,
    pub span: Span,
}

impl Output<'_> {
    /// What it is called: one that is neither grouped nor aggregated says that it is the first of its group.
    pub fn name(&self, aggregation: Option<&Aggregation>) -> String {
        let is_first = aggregation.is_some_and(|aggregation| {
            !self.aliased && !has_aggregate(&self.expr) && aggregation.group(&key(&self.expr)).is_none()
        });
        if is_first && matches!(self.expr.kind, ExprKind::Column { .. } | ExprKind::Call { .. }) {
            format!("FIRST_{}", self.name)
        } else {
            self.name.clone()
        }
    }
}

impl Planner<'_> {
    /// The columns that the select list names.
    pub(super) fn outputs<'q>(
        &self,
        select: &'q Select,
        scope: &Scope<'_>,
        qualifier: Option<&str>,
    ) -> Vec<Output<'q>> {
        let mut outputs = Vec::new();
        for item in &select.items {
            match item {
                Item::Star(at) => {
                    let names: Vec<(String, bool)> = match scope {
                        Scope::Events { .. } => EVENT_COLUMNS.iter().map(|name| ((*name).to_owned(), false)).collect(),
                        Scope::Relation(columns) => columns.iter().map(|column| (column.name.clone(), true)).collect(),
                    };
                    for (name, quoted) in names {
                        let expr = ast::Expr::new(ExprKind::Column { name: name.clone(), quoted }, at.0);
                        outputs.push(Output { name, expr: Cow::Owned(expr), aliased: false, span: at.0 });
                    }
                }
                Item::Expr { expr, alias } => {
                    let name = match alias {
                        Some(alias) => alias.name.clone(),
                        None => default_name(self.text, unqualified(expr, qualifier).as_ref()),
                    };
                    let aliased = alias.is_some();
                    outputs.push(Output { name, expr: Cow::Borrowed(expr), aliased, span: expr.span() });
                }
            }
        }
        outputs
    }
}

/// What GROUP BY groups by: a property, else the column of that name (in either quotes) or number, else the expression.
pub(super) fn meant<'q>(group: &'q ast::Expr, outputs: &'q [Output<'q>], scope: &Scope<'_>) -> &'q ast::Expr {
    let named = |name: &str| {
        outputs.iter().find(|output| output.name.eq_ignore_ascii_case(name)).map(|output| output.expr.as_ref())
    };
    match &group.kind {
        ExprKind::Column { name, .. } if scope.knows(name) => group,
        ExprKind::Column { name, .. } | ExprKind::Text(name) => named(name).unwrap_or(group),
        ExprKind::Number(Number::Whole(number)) => {
            position(*number).and_then(|index| outputs.get(index)).map_or(group, |output| output.expr.as_ref())
        }
        _ => group,
    }
}

/// The column of the result that an element of ORDER BY names, by alias, number, or by saying the same.
pub(super) fn ordered_column(order: &ast::Expr, outputs: &[Output<'_>], columns: &[Column]) -> Option<String> {
    let by_name = |name: &str| {
        columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)).map(|column| column.plan_name.clone())
    };
    let direct = match &order.kind {
        ExprKind::Column { name, .. } | ExprKind::Text(name) => by_name(name),
        ExprKind::Number(Number::Whole(number)) => {
            position(*number).and_then(|index| columns.get(index)).map(|column| column.plan_name.clone())
        }
        _ => None,
    };
    let wanted = direct.or_else(|| {
        let wanted = key(order);
        by_name(&outputs.iter().find(|output| key(&output.expr) == wanted)?.name)
    })?;
    // Addresses do not sort as the texts that they are shown as.
    columns.iter().find(|column| column.plan_name == wanted && column.ty != Type::Ip)?;
    Some(wanted)
}

pub(super) fn has_aggregate(expr: &ast::Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { name, .. } if functions::is_aggregate(name))
        || children(expr).into_iter().any(has_aggregate)
}

/// What QRadar calls a result column that has no alias, which is the key in the rows that the Ariel API returns.
///
/// A property keeps its name. A function is its name in small letters and the words of its arguments (`qidname_qid`), an
/// aggregate the same with its name in capitals (`SUM_eventcount`, and `COUNT` for `COUNT(*)`). Anything else keeps its text.
fn default_name(text: &str, expr: &ast::Expr) -> String {
    match &expr.kind {
        ExprKind::Column { name, .. } => name.clone(),
        ExprKind::Call { name, name_at, .. } => {
            let inside = Span::new(name_at.0.end, expr.span().end).of(text);
            let words = inside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let name = if functions::is_aggregate(name) { name.to_uppercase() } else { name.to_lowercase() };
            std::iter::once(name.as_str()).chain(words).collect::<Vec<_>>().join("_")
        }
        _ => expr.span().of(text).to_owned(),
    }
}

/// `e.username` as `username`, where `e` is what the source is called.
fn unqualified<'q>(expr: &'q ast::Expr, qualifier: Option<&str>) -> Cow<'q, ast::Expr> {
    if let (ExprKind::Column { name, quoted: false }, Some(qualifier)) = (&expr.kind, qualifier)
        && let Some((before, after)) = name.split_once('.')
        && before.eq_ignore_ascii_case(qualifier)
    {
        return Cow::Owned(ast::Expr::new(ExprKind::Column { name: after.to_owned(), quoted: false }, expr.span()));
    }
    Cow::Borrowed(expr)
}

fn position(number: i64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}
