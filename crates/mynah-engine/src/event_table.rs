use crate::extract::Columns;
use crate::prefilter::Prefilter;
use crate::scan::{Data, Scanner, Stop};
use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::execution::TaskContext;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::prelude::Expr;
use mynah_view::{EVENT_ID, EventScan, ScanColumn};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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
        let mut fields: Vec<Field> = columns.iter().map(|c| Field::new(&c.name, c.field_type.data_type(), true)).collect();
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
        let prefilter = Arc::new(Prefilter::new(filters, all, &self.data));
        let queue = Arc::new(AtomicU32::new(0));
        let batch_rows: usize = state.config_options().execution.batch_size.into();
        let partitions = state.config_options().execution.target_partitions.min(self.data.files.len()).max(1);
        let streams = (0..partitions)
            .map(|_| {
                Arc::new(EventStream {
                    schema: Arc::clone(&built),
                    columns: columns.clone().into(),
                    keep_id,
                    data: self.data.clone(),
                    prefilter: Arc::clone(&prefilter),
                    queue: Arc::clone(&queue),
                    batch_rows,
                }) as Arc<dyn PartitionStream>
            })
            .collect();
        Ok(Arc::new(StreamingTableExec::try_new(built, streams, Some(&order), [], false, limit)?))
    }
}

/// One of several readers that share a queue of files.
#[derive(Debug)]
struct EventStream {
    schema: SchemaRef,
    columns: Arc<[ScanColumn]>,
    keep_id: bool,
    data: Data,
    prefilter: Arc<Prefilter>,
    queue: Arc<AtomicU32>,
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
        let (data, queue, batch_rows) = (self.data.clone(), Arc::clone(&self.queue), self.batch_rows);
        let prefilter = Arc::clone(&self.prefilter);
        stream.spawn_blocking(move || {
            let emit = |batch: Result<RecordBatch>| send.blocking_send(batch).is_ok();
            let types: Vec<_> = columns.iter().map(|column| column.field_type).collect();
            let mut out = Columns::new(&types);
            let mut scanner = Scanner::with_prefilter(&data, &columns, &prefilter);
            loop {
                let file = queue.fetch_add(1, Ordering::Relaxed);
                if file as usize >= data.files.len() {
                    break;
                }
                let mut wanted = true;
                let read = scanner.file(file, |scanner, records| {
                    for index in prefilter.candidates(records.chunk) {
                        let Some(record) = records.chunk.records.get(index) else { continue };
                        scanner.extract(records, record, &mut out);
                        if out.rows() >= batch_rows {
                            wanted = emit(out.finish(Arc::clone(&schema), keep_id));
                            if !wanted {
                                return Ok(false);
                            }
                        }
                    }
                    Ok(true)
                });
                if let Err(Stop(error)) = read {
                    return Err(error);
                }
                if !wanted {
                    return Ok(());
                }
            }
            if out.rows() > 0 {
                emit(out.finish(Arc::clone(&schema), keep_id));
            }
            Ok(())
        });
        stream.build()
    }
}
