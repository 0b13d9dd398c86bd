//! Operators that have to see all rows before they give any: what DataFusion's own cannot say.
mod exec;
mod node;
mod planner;

pub use exec::WholeRowsExec;
pub use planner::WholeRowsPlanner;

use crate::FunctionId;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::Field;
use datafusion::common::Result;
use datafusion::logical_expr::{Extension, LogicalPlan};
use node::WholeRowsNode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// An operator over all rows at once, which gives some of them again, in an order and as often as it says, with
/// columns of its own in front. The type is the operator, its fields are the parameters.
///
/// It must find its columns by name: a plan's rewrites may put others behind them.
pub trait WholeRows: Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// Its language and its name, `eql.sequence`; no other operator has it.
    const NAME: &'static str;

    /// What a plan shows it as.
    fn title(&self) -> &str;

    /// The columns that it adds in front.
    fn added(&self) -> Vec<Field>;

    /// The added column, if there is one, whose equal values say that rows belong together: an event behind one of
    /// them is behind all.
    fn together(&self) -> Option<&str> {
        None
    }

    /// Which rows it gives, and the columns that it adds to them.
    ///
    /// # Errors
    /// Where the rows have not the columns that it needs.
    fn pick(&self, rows: &RecordBatch) -> Result<Picked>;
}

/// A [`WholeRows`] whose type is not known.
pub(crate) trait AnyOperator: fmt::Debug + Send + Sync {
    fn id(&self) -> FunctionId;
    fn title(&self) -> &str;
    fn added(&self) -> Vec<Field>;
    fn together(&self) -> Option<&str>;
    fn pick(&self, rows: &RecordBatch) -> Result<Picked>;
}

impl<O: WholeRows> AnyOperator for O {
    fn id(&self) -> FunctionId {
        FunctionId::new(O::NAME, self)
    }

    fn title(&self) -> &str {
        WholeRows::title(self)
    }

    fn added(&self) -> Vec<Field> {
        WholeRows::added(self)
    }

    fn together(&self) -> Option<&str> {
        WholeRows::together(self)
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        WholeRows::pick(self, rows)
    }
}

/// What a [`WholeRows`] gives.
#[derive(Debug, Clone)]
pub struct Picked {
    /// The numbers of the rows, in the order in which they are given.
    pub rows: Vec<u32>,
    /// The added columns, each as long as `rows`.
    pub added: Vec<ArrayRef>,
}

fn node(plan: &LogicalPlan) -> Option<&WholeRowsNode> {
    let LogicalPlan::Extension(extension) = plan else { return None };
    extension.node.as_any().downcast_ref()
}

/// If the plan's outermost operator is a [`WholeRows`], its [`WholeRows::together`].
pub fn together(plan: &LogicalPlan) -> Option<&str> {
    node(plan)?.operator.together()
}

/// If the plan's outermost operator is a [`WholeRows`], its name and parameters.
pub(crate) fn id_of(plan: &LogicalPlan) -> Option<FunctionId> {
    Some(node(plan)?.id.clone())
}

/// The plan of an operator over all rows of `input`.
///
/// ```
/// use datafusion::arrow::array::{Int64Array, RecordBatch};
/// use datafusion::arrow::datatypes::{DataType, Field};
/// use datafusion::common::Result;
/// use datafusion::logical_expr::{LogicalPlanBuilder, lit};
/// use mynah_kernels::{Picked, WholeRows, whole_rows};
/// use serde::{Deserialize, Serialize};
/// use std::sync::Arc;
///
/// #[derive(Debug, Serialize, Deserialize)]
/// struct Backwards;
///
/// impl WholeRows for Backwards {
///     const NAME: &'static str = "example.backwards";
///     fn title(&self) -> &str {
///         "Backwards"
///     }
///     fn added(&self) -> Vec<Field> {
///         vec![Field::new("place", DataType::Int64, false)]
///     }
///     fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
///         let count = rows.num_rows() as u32;
///         let places = Int64Array::from_iter_values(0..i64::from(count));
///         Ok(Picked { rows: (0..count).rev().collect(), added: vec![Arc::new(places)] })
///     }
/// }
///
/// let input = LogicalPlanBuilder::values(vec![vec![lit(1)], vec![lit(2)]])?.build()?;
/// let plan = whole_rows(Backwards, input)?;
/// assert_eq!(plan.schema().field_names(), ["place", "column1"]);
/// # Ok::<(), datafusion::error::DataFusionError>(())
/// ```
///
/// # Errors
/// Where two columns have one name.
pub fn whole_rows(operator: impl WholeRows, input: LogicalPlan) -> Result<LogicalPlan> {
    over(Arc::new(operator), input)
}

pub(crate) fn over(operator: Arc<dyn AnyOperator>, input: LogicalPlan) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Extension(Extension { node: Arc::new(WholeRowsNode::new(operator, input)?) }))
}
