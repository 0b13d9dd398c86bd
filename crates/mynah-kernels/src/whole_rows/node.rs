use super::AnyOperator;
use crate::FunctionId;
use datafusion::common::{DFSchema, DFSchemaRef, Result, plan_err};
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::prelude::Expr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A [`super::WholeRows`] in a logical plan.
#[derive(Debug, Clone)]
pub(super) struct WholeRowsNode {
    pub operator: Arc<dyn AnyOperator>,
    pub id: FunctionId,
    input: LogicalPlan,
    schema: DFSchemaRef,
}

impl WholeRowsNode {
    pub fn new(operator: Arc<dyn AnyOperator>, input: LogicalPlan) -> Result<Self> {
        let added = operator.added().into_iter().map(|field| (None, Arc::new(field)));
        let kept = input.schema().iter().map(|(qualifier, field)| (qualifier.cloned(), Arc::clone(field)));
        let schema = DFSchema::new_with_metadata(added.chain(kept).collect(), input.schema().metadata().clone())?;
        Ok(WholeRowsNode { id: operator.id(), operator, input, schema: Arc::new(schema) })
    }
}

impl UserDefinedLogicalNodeCore for WholeRowsNode {
    fn name(&self) -> &str {
        self.operator.title()
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
        f.write_str(self.operator.title())
    }

    fn with_exprs_and_inputs(&self, _: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match (inputs.pop(), inputs.is_empty()) {
            (Some(input), true) => WholeRowsNode::new(Arc::clone(&self.operator), input),
            _ => plan_err!("{} has one input", self.operator.title()),
        }
    }
}

impl PartialEq for WholeRowsNode {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.input == other.input
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
        self.id.hash(state);
        self.input.hash(state);
    }
}
