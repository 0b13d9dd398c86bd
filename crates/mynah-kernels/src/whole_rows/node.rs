use super::WholeRows;
use datafusion::common::{DFSchema, DFSchemaRef, Result, plan_err};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::prelude::Expr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A [`WholeRows`] in a logical plan.
#[derive(Debug, Clone)]
pub(super) struct WholeRowsNode {
    pub operator: Arc<dyn WholeRows>,
    input: LogicalPlan,
    schema: DFSchemaRef,
}

impl WholeRowsNode {
    pub fn new(operator: Arc<dyn WholeRows>, input: LogicalPlan) -> Result<Self> {
        let added = operator.added().into_iter().map(|field| (None, Arc::new(field)));
        let kept = input.schema().iter().map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field)));
        let schema = DFSchema::new_with_metadata(added.chain(kept).collect(), input.schema().metadata().clone())?;
        Ok(WholeRowsNode { operator, input, schema: Arc::new(schema) })
    }

    /// What two operators are the same by.
    fn identity(&self) -> (*const (), &LogicalPlan) {
        (Arc::as_ptr(&self.operator).cast(), &self.input)
    }
}

impl UserDefinedLogicalNodeCore for WholeRowsNode {
    fn name(&self) -> &str {
        self.operator.name()
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operator.name())
    }

    fn with_exprs_and_inputs(&self, _: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match (inputs.pop(), inputs.is_empty()) {
            (Some(input), true) => WholeRowsNode::new(Arc::clone(&self.operator), input),
            _ => plan_err!("{} has one input", self.operator.name()),
        }
    }
}

impl PartialEq for WholeRowsNode {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for WholeRowsNode {}

impl PartialOrd for WholeRowsNode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // Only equality has a meaning.
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for WholeRowsNode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}
