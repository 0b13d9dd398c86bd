//! Projections that stay small, however many commands a query has.
//!
//! Every assignment is a projection of all columns. Where an optimizer puts expressions into one another (it pushes filters
//! down through projections), a chain such as `eval r=if(a>5,r+1,r)` doubles with every link. So a projection takes in the
//! one below it only where nothing is doubled, and what would grow too large anyway is held back.
use crate::expression::{Type, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::utils::take_function_args;
use datafusion::logical_expr::{LogicalPlan, Volatility};
use datafusion::prelude::Expr;
use mynah_kernels::{Code, Function, Resources, call};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many parts an expression may have with everything put into it that it is made of.
pub(super) const MAX_SIZE: usize = 500;

/// How many parts an expression has, with those of the columns that are more than columns.
pub(super) fn size(expr: &Expr, sizes: &BTreeMap<String, usize>) -> usize {
    let mut size = 0usize;
    // Nothing in here fails.
    let _ = expr.apply(|part| {
        let of_part = match part {
            Expr::Column(column) => sizes.get(&column.name).copied().unwrap_or(1),
            _ => 1,
        };
        size = size.saturating_add(of_part);
        Ok(TreeNodeRecursion::Continue)
    });
    size
}

/// The value as something that no optimizer puts into something else.
pub(super) fn held(value: Typed) -> Typed {
    match value.ty {
        Type::Null => value,
        ty => Typed { expr: call(Held(ty), vec![value.expr]), ty },
    }
}

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
                parts += size(expr, &BTreeMap::new());
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

/// The name of a projection's column, and what it is without its name.
fn named(expr: &Expr) -> Option<(&str, &Expr)> {
    match expr {
        Expr::Alias(alias) => Some((&alias.name, &alias.expr)),
        Expr::Column(column) => Some((&column.name, expr)),
        _ => None,
    }
}

/// A value as it is, which an optimizer takes for one that nobody knows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Held(Type);

impl Function for Held {
    const NAME: &'static str = "spl.held";

    fn returns(&self) -> DataType {
        self.0.data_type()
    }

    fn volatility(&self) -> Volatility {
        Volatility::Volatile
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(Code::columns(|args| {
            let [value] = take_function_args(Self::NAME, args.args)?;
            Ok(value)
        }))
    }
}
