//! Projections that stay small, however many commands a query has.
//!
//! Every assignment is a projection of all columns. One takes in the one below it where nothing is calculated twice, and
//! nothing becomes large.
use datafusion::arrow::datatypes::{Field, FieldRef};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::{ExprSchemable, LogicalPlan, LogicalPlanBuilder, Projection};
use datafusion::prelude::Expr;
use std::collections::HashMap;
use std::sync::Arc;

/// How many parts an expression may have with everything put into it that it is made of.
const MAX_SIZE: usize = 50;

/// The input and the expressions of a projection over a plan: those of the plan's own projection put into them, if that
/// calculates nothing twice and makes none too large; and whether they were.
pub(super) fn merged(plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>, bool)> {
    let LogicalPlan::Projection(below) = &plan else { return Ok((plan, exprs, false)) };
    let inner: HashMap<&str, &Expr> = below.expr.iter().filter_map(named).collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for expr in &exprs {
        let mut parts = 0usize;
        expr.apply(|part| {
            parts += 1;
            if let Expr::Column(column) = part
                && let Some((name, expr)) = inner.get_key_value(column.name.as_str())
                && !matches!(expr, Expr::Column(_) | Expr::Literal(..))
            {
                *uses.entry(name).or_default() += 1;
                expr.apply(|_| {
                    parts += 1;
                    Ok(TreeNodeRecursion::Continue)
                })?;
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        if parts > MAX_SIZE {
            return Ok((plan, exprs, false));
        }
    }
    if uses.values().any(|uses| *uses > 1) || below.expr.len() != inner.len() {
        return Ok((plan, exprs, false));
    }
    let put_in = |expr: Expr| {
        let changed = expr.transform(|part| match &part {
            Expr::Column(column) => Ok(match inner.get(column.name.as_str()) {
                Some(expr) => Transformed::yes((*expr).clone()),
                None => Transformed::no(part),
            }),
            _ => Ok(Transformed::no(part)),
        })?;
        Ok(changed.data)
    };
    let exprs = exprs.into_iter().map(put_in).collect::<Result<_>>()?;
    Ok((Arc::unwrap_or_clone(Arc::clone(&below.input)), exprs, true))
}

/// A projection of expressions whose columns the input has by just these names. The builder's own looks through the whole plan
/// for each column, to tell what a name means, and through all columns for its type: a long chain of commands over many
/// fields would take minutes.
pub(super) fn projected(input: LogicalPlan, exprs: Vec<Expr>) -> Result<LogicalPlanBuilder> {
    let schema = Arc::clone(input.schema());
    let fields: HashMap<&str, &FieldRef> =
        schema.iter().filter(|(of, _)| of.is_none()).map(|(_, field)| (field.name().as_str(), field)).collect();
    let mut plain = fields.len() == schema.fields().len();
    for expr in &exprs {
        expr.apply(|part| {
            if let Expr::Column(column) = part {
                plain &= column.relation.is_none() && fields.contains_key(column.name.as_str());
            }
            Ok(if plain { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
        })?;
    }
    if !plain {
        return LogicalPlanBuilder::from(input).project(exprs);
    }
    let columns = exprs.iter().map(|expr| match named(expr) {
        Some((name, Expr::Column(from))) => match fields.get(from.name.as_str()) {
            Some(field) if field.name() == name => Ok((None, Arc::clone(field))),
            Some(field) => Ok((None, Arc::new(Field::clone(field).with_name(name)))),
            None => expr.to_field(schema.as_ref()),
        },
        _ => expr.to_field(schema.as_ref()),
    });
    let columns = DFSchema::new_with_metadata(columns.collect::<Result<_>>()?, schema.metadata().clone())?;
    let projection = Projection::try_new_with_schema(exprs, Arc::new(input), Arc::new(columns))?;
    Ok(LogicalPlanBuilder::from(LogicalPlan::Projection(projection)))
}

/// The name of a projection's column, and what it is without its name.
fn named(expr: &Expr) -> Option<(&str, &Expr)> {
    match expr {
        Expr::Alias(alias) => Some((&alias.name, &alias.expr)),
        Expr::Column(column) => Some((&column.name, expr)),
        _ => None,
    }
}
