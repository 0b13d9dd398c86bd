use super::AnyOperator;
use crate::FunctionId;
use datafusion::arrow::array::{RecordBatch, UInt32Array};
use datafusion::arrow::compute::{concat_batches, take_record_batch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, ReplaceChildrenOptions};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, InputDistributionRequirements, Partitioning,
    PhysicalExpr, PlanProperties,
};
use futures::StreamExt;
use std::fmt;
use std::sync::Arc;

/// A [`super::WholeRows`] at work: gathers its input, as far as the memory pool allows, and gives one batch.
#[derive(Debug)]
pub struct WholeRowsExec {
    operator: Arc<dyn AnyOperator>,
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl WholeRowsExec {
    pub(super) fn new(operator: Arc<dyn AnyOperator>, input: Arc<dyn ExecutionPlan>, schema: SchemaRef) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        WholeRowsExec { operator, input, properties: Arc::new(properties) }
    }

    /// The same over an input whose columns it puts its own in front of.
    pub(crate) fn over(operator: Arc<dyn AnyOperator>, input: Arc<dyn ExecutionPlan>) -> Self {
        let schema = input.schema();
        let fields = operator.added().into_iter().map(Arc::new).chain(schema.fields().iter().cloned());
        let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone());
        WholeRowsExec::new(operator, input, Arc::new(schema))
    }

    pub(crate) fn id(&self) -> FunctionId {
        self.operator.id()
    }
}

impl DisplayAs for WholeRowsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operator.title())
    }
}

impl ExecutionPlan for WholeRowsExec {
    fn name(&self) -> &str {
        "WholeRowsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![Distribution::SinglePartition])
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match children.pop() {
            Some(input) => Ok(Arc::new(WholeRowsExec::new(Arc::clone(&self.operator), input, self.schema()))),
            None => plan_err!("{} has one input", self.operator.title()),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        use datafusion::physical_plan::execution_plan::ChildrenPropertiesMode;
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        if partition != 0 {
            return exec_err!("{} has one partition", self.operator.title());
        }
        let memory = MemoryConsumer::new(self.operator.title()).register(context.memory_pool());
        let mut input = self.input.execute(0, context)?;
        let (operator, schema, taken) = (Arc::clone(&self.operator), self.schema(), self.input.schema());
        let result = async move {
            let mut batches = Vec::new();
            while let Some(batch) = input.next().await {
                let batch = batch?;
                memory.try_grow(batch.get_array_memory_size()).map_err(|_| too_much(operator.title()))?;
                batches.push(batch);
            }
            let rows = concat_batches(&taken, &batches)?;
            drop(batches);
            let picked = operator.pick(&rows)?;
            let kept = take_record_batch(&rows, &UInt32Array::from(picked.rows))?;
            let columns = picked.added.into_iter().chain(kept.columns().iter().cloned()).collect();
            Ok(RecordBatch::try_new(schema, columns)?)
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), futures::stream::once(result))))
    }
}

/// What is said when the memory does not do. DataFusion would list what all of its operators hold.
fn too_much(operator: &str) -> DataFusionError {
    DataFusionError::ResourcesExhausted(format!(
        "{operator} holds all rows that it looks at, which are more than there is memory for; narrow the conditions, or \
         give less data at a time"
    ))
}
