use crate::clock::Look;
use crate::extract::Columns;
use crate::feed::{Feed, Worker};
use crate::prefilter::{Candidates, Prefilter, Worth};
use crate::scan::{Data, Scanner};
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::prelude::Expr;
use mynah_view::{EVENT_ID, EventScan, ScanColumn};
use std::sync::Arc;

/// What an [`EventScan`] reads, once it is known from where.
#[derive(Debug)]
pub(crate) struct EventTable {
    scan: Arc<EventScan>,
    data: Data,
}

impl EventTable {
    pub fn new(scan: Arc<EventScan>, data: Data) -> Self {
        EventTable { scan, data }
    }

    /// What the filters of a scan let leave out.
    pub fn prefilter(&self, filters: &[Expr]) -> Prefilter {
        if self.data.prefilter { Prefilter::new(filters, self.scan.columns(), &self.data) } else { Prefilter::off() }
    }
}

#[async_trait]
impl TableProvider for EventTable {
    fn schema(&self) -> SchemaRef {
        datafusion::logical_expr::TableSource::schema(self.scan.as_ref())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        datafusion::logical_expr::TableSource::supports_filters_pushdown(self.scan.as_ref(), filters)
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all = self.scan.columns();
        let wanted: Vec<usize> = projection.cloned().unwrap_or_else(|| (0..=all.len()).collect());
        let columns: Vec<ScanColumn> = wanted.iter().filter_map(|index| all.get(*index).cloned()).collect();
        let keep_id = wanted.contains(&all.len());
        let mut fields: Vec<Field> =
            columns.iter().map(|c| Field::new(&c.name, c.field_type.data_type(), true)).collect();
        if keep_id {
            fields.push(Field::new(EVENT_ID, DataType::UInt64, false));
        }
        // The id is built last; a projection that wants it elsewhere is put right above the scan.
        let built: SchemaRef = Arc::new(Schema::new(fields));
        let order: Vec<usize> = {
            let mut next = 0;
            wanted
                .iter()
                .map(|index| {
                    if *index == all.len() {
                        columns.len()
                    } else {
                        next += 1;
                        next - 1
                    }
                })
                .collect()
        };
        let prefilter = Arc::new(self.prefilter(filters));
        let feed = Arc::new(Feed::new(self.data.clone()));
        let batch_rows: usize = state.config_options().execution.batch_size.into();
        let partitions = state.config_options().execution.target_partitions.max(1);
        let streams = (0..partitions)
            .map(|_| {
                Arc::new(EventStream {
                    schema: Arc::clone(&built),
                    columns: columns.clone().into(),
                    keep_id,
                    prefilter: Arc::clone(&prefilter),
                    feed: Arc::clone(&feed),
                    batch_rows,
                }) as Arc<dyn PartitionStream>
            })
            .collect();
        Ok(Arc::new(StreamingTableExec::try_new(built, streams, Some(&order), [], false, limit)?))
    }
}

/// One of several readers that share the files.
#[derive(Debug)]
struct EventStream {
    schema: SchemaRef,
    columns: Arc<[ScanColumn]>,
    keep_id: bool,
    prefilter: Arc<Prefilter>,
    feed: Arc<Feed>,
    batch_rows: usize,
}

impl PartitionStream for EventStream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        // Two batches ahead of whoever consumes them: memory is bounded by that, whatever the size of the data.
        let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let send = stream.tx();
        let (schema, columns, keep_id) = (Arc::clone(&self.schema), Arc::clone(&self.columns), self.keep_id);
        let (feed, prefilter, batch_rows) = (Arc::clone(&self.feed), Arc::clone(&self.prefilter), self.batch_rows);
        stream.spawn_blocking(move || {
            let types: Vec<_> = columns.iter().map(|column| column.field_type).collect();
            let mut out = Columns::new(&types);
            let mut scanner = Scanner::with_prefilter(&feed, &columns, &prefilter);
            let mut worker = Worker::default();
            let mut worth = Worth::default();
            let newest = feed.data().newest.clone();
            let mut look = newest.as_deref().map(|newest| newest.look(&feed));
            while let Some(from) = feed.next(&mut worker) {
                look.iter_mut().for_each(|look| look.see(from));
                let records = from.chunk.records.len();
                let candidates = if worth.try_in(from.file) {
                    prefilter.candidates(&from.chunk)
                } else {
                    Candidates::All(0..records)
                };
                let skipped = records - candidates.len();
                worth.learn(records, skipped);
                feed.data().progress.skip(skipped as u64);
                for index in candidates {
                    let Some(record) = from.chunk.records.get(index) else { continue };
                    scanner.extract(from, record, &mut out);
                    if out.rows() >= batch_rows && send.blocking_send(out.finish(Arc::clone(&schema), keep_id)).is_err()
                    {
                        // Nobody wants any more.
                        return Ok(());
                    }
                }
            }
            look.into_iter().for_each(Look::end);
            if out.rows() > 0 {
                let _ = send.blocking_send(out.finish(Arc::clone(&schema), keep_id));
            }
            Ok(())
        });
        stream.build()
    }
}
