#[cfg(test)]
mod tests;

use crate::census::Sampler;
use crate::clock::Look;
use crate::extract::Columns;
use crate::feed::{Feed, Worker};
use crate::prefilter::{Prefilter, Worth};
use crate::raw_events::time_column;
use crate::scan::{Data, Scanner};
use crate::units;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, plan_datafusion_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::execution_plan::{
    Boundedness, EmissionType, ReplaceChildrenOptions, SchedulingType, replace_children_if_necessary,
};
use datafusion::physical_plan::limit::LimitStream;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::stream::{RecordBatchReceiverStreamBuilder, RecordBatchStreamAdapter};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PhysicalExpr, PlanProperties,
};
use futures::{StreamExt, TryStreamExt};
use mynah_view::{EVENT_ID, ScanColumn};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use tokio::runtime::Handle;

/// What a scan builds of the records that it reads.
#[derive(Debug, Clone)]
pub(crate) struct ScanOutput {
    /// The columns that are extracted.
    pub columns: Arc<[ScanColumn]>,
    /// Whether the events' ids are built, too: behind the columns.
    pub keep_id: bool,
    /// Which of all these are given, and in which order.
    pub order: Vec<usize>,
    /// How many rows are wanted of each partition.
    pub limit: Option<usize>,
    pub prefilter: Arc<Prefilter>,
}

impl ScanOutput {
    /// All that is built, before it is put in order.
    fn built(&self) -> SchemaRef {
        let columns = self.columns.iter().map(|c| Field::new(&c.name, c.field_type.data_type(), true));
        let id = self.keep_id.then(|| Field::new(EVENT_ID, DataType::UInt64, false));
        Arc::new(Schema::new(columns.chain(id).collect::<Vec<_>>()))
    }
}

/// Reads events: those of the files that its input's rows name, partition by partition.
///
/// All partitions that are executed in one task share their files, so that one that is done with its own helps with
/// those that others have open. What is executed in another task, in whatever process, knows nothing of them. So an
/// engine may cut the plan into tasks as it likes: each file is read in just that task that its row is read in.
#[derive(Debug)]
pub(crate) struct EventScanExec {
    output: ScanOutput,
    data: Data,
    input: Arc<dyn ExecutionPlan>,
    built: SchemaRef,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
    tasks: Mutex<Vec<Task>>,
}

/// A task in which some partitions were executed.
#[derive(Debug)]
struct Task {
    /// Tells it from other tasks.
    context: Weak<TaskContext>,
    begun: BTreeSet<usize>,
    feed: Arc<Feed>,
}

impl EventScanExec {
    /// # Errors
    /// Where the output gives columns that it does not build.
    pub fn new(output: ScanOutput, data: Data, input: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let built = output.built();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::new(built.project(&output.order)?)),
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        let properties = Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative));
        let metrics = ExecutionPlanMetricsSet::new();
        Ok(EventScanExec { output, data, input, built, properties, metrics, tasks: Mutex::default() })
    }

    pub fn output(&self) -> &ScanOutput {
        &self.output
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The same with another output, over the same data.
    fn with_output(&self, output: ScanOutput) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(EventScanExec::new(output, self.data.clone(), Arc::clone(&self.input))?))
    }

    /// The files that a partition shares with the others of its task.
    fn feed(&self, partition: usize, context: &Arc<TaskContext>) -> Result<Arc<Feed>> {
        let mut tasks = self.tasks.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A partition that begins again begins everything again.
        tasks.retain(|task| {
            let same = task.context.as_ptr() == Arc::as_ptr(context);
            task.context.strong_count() > 0 && !(same && task.begun.contains(&partition))
        });
        if let Some(task) = tasks.iter_mut().find(|task| task.context.as_ptr() == Arc::as_ptr(context)) {
            task.begun.insert(partition);
            return Ok(Arc::clone(&task.feed));
        }
        let feed = Arc::new(Feed::awaiting(self.data.clone(), self.partitions_with_files()?));
        let (context, begun) = (Arc::downgrade(context), BTreeSet::from([partition]));
        tasks.push(Task { context, begun, feed: Arc::clone(&feed) });
        Ok(feed)
    }

    /// The partitions of the input that are known to have rows.
    fn partitions_with_files(&self) -> Result<BTreeSet<usize>> {
        let statistics = StatisticsContext::new();
        let mut partitions = BTreeSet::new();
        for partition in 0..self.input.output_partitioning().partition_count() {
            let of_partition = StatisticsArgs::new().with_partition(Some(partition));
            let rows = statistics.compute(self.input.as_ref(), &of_partition)?.num_rows;
            if matches!(rows, Precision::Exact(1..)) {
                partitions.insert(partition);
            }
        }
        Ok(partitions)
    }
}

impl DisplayAs for EventScanExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = self.schema();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(f, "EventScanExec: columns=[{}]", names.join(", "))?;
        self.output.limit.map_or(Ok(()), |limit| write!(f, ", fetch={limit}"))
    }
}

impl ExecutionPlan for EventScanExec {
    fn name(&self) -> &str {
        "EventScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
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
        let input = children.pop().ok_or_else(|| plan_datafusion_err!("a scan of events has one input"))?;
        Ok(Arc::new(EventScanExec::new(self.output.clone(), self.data.clone(), input)?))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        replace_children_if_necessary(self, children)
    }

    fn fetch(&self) -> Option<usize> {
        self.output.limit
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        self.with_output(ScanOutput { limit, ..self.output.clone() }).ok()
    }

    /// A projection that only picks columns is one of the scan's own.
    fn try_swapping_with_projection(&self, projection: &ProjectionExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let picked = projection.expr().iter().map(|projected| {
            let expression: &dyn std::any::Any = projected.expr.as_ref();
            let column = expression.downcast_ref::<Column>().filter(|column| column.name() == projected.alias)?;
            self.output.order.get(column.index()).copied()
        });
        match picked.collect::<Option<Vec<usize>>>() {
            Some(order) => self.with_output(ScanOutput { order, ..self.output.clone() }).map(Some),
            None => Ok(None),
        }
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let feed = self.feed(partition, &context)?;
        let batch_rows = context.session_config().batch_size();
        let files = self.input.execute(partition, context)?;
        // Two batches ahead of whoever consumes them: memory is bounded by that, whatever the size of the data.
        let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.built), 2);
        let send = stream.tx();
        let work = Work { output: self.output.clone(), built: Arc::clone(&self.built), batch_rows };
        stream.spawn_blocking(move || {
            let rows: Vec<_> = Handle::current().block_on(files.try_collect())?;
            let units = rows.iter().map(|rows| units::read(rows, feed.data())).collect::<Result<Vec<_>>>()?;
            feed.come(partition, units.concat());
            let done = work.run(&feed, |batch| send.blocking_send(batch).is_ok());
            feed.report();
            done
        });
        let (schema, order) = (self.schema(), self.output.order.clone());
        let ordered = stream.build().map(move |batch| Ok(batch?.project(&order)?));
        let stream = make_cooperative(Box::pin(RecordBatchStreamAdapter::new(schema, ordered)));
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        Ok(match self.output.limit {
            None => stream,
            limit => Box::pin(LimitStream::new(stream, 0, limit, metrics)),
        })
    }
}

/// A batch ends early where its records are so long together: a column of texts holds less than 2 GiB.
const MOST_BYTES: usize = 64 << 20;

/// What one worker does.
struct Work {
    output: ScanOutput,
    built: SchemaRef,
    batch_rows: usize,
}

impl Work {
    /// Reads what there is to read, until nobody wants any more of it.
    fn run(&self, feed: &Feed, wanted: impl Fn(Result<datafusion::arrow::array::RecordBatch>) -> bool) -> Result<()> {
        let ScanOutput { columns, keep_id, prefilter, .. } = &self.output;
        let types: Vec<_> = columns.iter().map(|column| column.field_type).collect();
        let mut out = Columns::new(&types);
        let mut scanner = Scanner::with_prefilter(feed, columns, prefilter);
        let mut worker = Worker::default();
        let mut worth = Worth::default();
        let time = [time_column(feed.data())];
        let mut sampler = feed.data().progress.samples().then(|| Sampler::new(feed, &time));
        let mut taken = 0;
        let newest = feed.data().newest.clone();
        let mut look = newest.as_deref().map(|newest| newest.look(feed));
        while let Some(from) = feed.next(&mut worker) {
            look.iter_mut().for_each(|look| look.see(from));
            sampler.iter_mut().for_each(|sampler| sampler.see(from));
            for index in worth.candidates(prefilter, from, &feed.data().progress) {
                let Some(record) = from.chunk.records.get(index) else { continue };
                let extracted = scanner.extract(from, record, &mut out);
                extracted.map_err(|error| DataFusionError::Execution(error.to_string()))?;
                taken += record.document.len();
                if out.rows() < self.batch_rows && taken < MOST_BYTES {
                    continue;
                }
                taken = 0;
                if !wanted(out.finish(Arc::clone(&self.built), *keep_id)) {
                    return Ok(());
                }
            }
        }
        look.into_iter().for_each(Look::end);
        if out.rows() > 0 {
            wanted(out.finish(Arc::clone(&self.built), *keep_id));
        }
        Ok(())
    }
}
