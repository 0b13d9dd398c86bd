//! The query's clock: a parameter of the plan, which has a value when the plan is executed.
//!
//! A query is planned once. Where it means "now", the plan has a placeholder; [`bind`] puts the moment in its place, and the
//! optimiser computes what follows from it, so that a scan sees constants. What depends on the clock in a way that an
//! expression cannot say (date arithmetic of a language) is a function of the language with [`now`] as an argument.
//!
//! ```
//! use datafusion::logical_expr::LogicalPlanBuilder;
//! use datafusion::prelude::lit;
//! use mynah_dialect::clock;
//! use mynah_event::Timestamp;
//!
//! let plan = LogicalPlanBuilder::empty(true).filter(lit(5_i64).lt(clock::now()))?.build()?;
//! assert!(clock::is_asked(&plan));
//! let bound = clock::bind(plan, Timestamp::from_milliseconds(9))?;
//! assert!(!clock::is_asked(&bound));
//! # Ok::<(), datafusion::error::DataFusionError>(())
//! ```
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{ParamValues, Result, ScalarValue};
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::expr::Placeholder;
use datafusion::prelude::Expr;
use mynah_event::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

const NAME: &str = "now";

/// The moment at which the query runs, in milliseconds since 1970 as Int64, never null.
pub fn now() -> Expr {
    let field = Arc::new(Field::new(NAME, DataType::Int64, false));
    Expr::Placeholder(Placeholder::new_with_field(format!("${NAME}"), Some(field)))
}

/// The plan with this moment for [`now`], in subqueries as well.
///
/// # Errors
/// Where DataFusion refuses the plan.
pub fn bind(plan: LogicalPlan, now: Timestamp) -> Result<LogicalPlan> {
    let value = ScalarValue::Int64(Some(now.milliseconds()));
    plan.with_param_values(ParamValues::from(HashMap::from([(NAME, value)])))
}

/// Whether a plan, or a subquery in it, has [`now`] in it.
pub fn is_asked(plan: &LogicalPlan) -> bool {
    let mut asked = false;
    // Nothing in here fails.
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                asked |= matches!(part, Expr::Placeholder(_));
                Ok(if asked { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
            })
        })?;
        Ok(if asked { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    asked
}
