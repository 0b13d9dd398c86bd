//! Projections that stand more than once in a query.
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::{LogicalPlan, Projection, SubqueryAlias};
use datafusion::optimizer::AnalyzerRule;
use datafusion::prelude::Expr;
use std::sync::Arc;

/// Puts a node that does nothing under every projection that gives a column a value calculated from the column itself:
/// `x + 1 AS x`.
///
/// DataFusion takes such a projection over an equal one for the same projection, and calculates once what the query says
/// twice (its rule `optimize_projections`). With another node between them it does not. A rule of analysis holds for all that
/// is made of a plan: what is executed, what is gathered for detections, what is explained.
#[derive(Debug, Default)]
pub(crate) struct RepeatedProjections;

impl AnalyzerRule for RepeatedProjections {
    fn name(&self) -> &str {
        "repeated_projections"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let kept_apart = plan.transform_up_with_subqueries(|node| match node {
            LogicalPlan::Projection(projection) if builds_on_itself(&projection) => {
                let input = LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(projection.input, "input")?);
                let projection = Projection::try_new_with_schema(projection.expr, Arc::new(input), projection.schema)?;
                Ok(Transformed::yes(LogicalPlan::Projection(projection)))
            }
            other => Ok(Transformed::no(other)),
        })?;
        Ok(kept_apart.data)
    }
}

/// Whether a column is calculated from itself.
fn builds_on_itself(projection: &Projection) -> bool {
    // Columns of the scan itself are qualified: nothing is calculated below.
    let unqualified = projection.input.schema().iter().all(|(qualifier, _)| qualifier.is_none());
    unqualified
        && projection.expr.iter().any(|expr| match expr {
            Expr::Alias(alias) if !matches!(*alias.expr, Expr::Column(_)) => {
                alias.expr.column_refs().iter().any(|column| column.name == alias.name)
            }
            _ => false,
        })
}
