use crate::prefilter::Prefilter;
use crate::scan::Data;
use crate::scan_exec::{EventScanExec, ScanOutput};
use crate::span::Span;
use crate::units::{self, Unit};
use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::Expr;
use mynah_event::LogSource;
use mynah_view::{EventScan, ScanColumn};
use std::any::Any;
use std::sync::Arc;

/// What an [`EventScan`] reads, and from where, once that is known.
#[derive(Debug)]
pub(crate) struct EventTable {
    events: Arc<EventScan>,
    data: Option<Data>,
}

impl EventTable {
    pub fn new(events: Arc<EventScan>, data: Option<Data>) -> Self {
        EventTable { events, data }
    }

    /// The table, if it is one of events.
    pub fn of(table: &Arc<dyn TableProvider>) -> Option<&EventTable> {
        let table: &dyn Any = table.as_ref();
        table.downcast_ref()
    }

    pub fn events(&self) -> &Arc<EventScan> {
        &self.events
    }

    pub fn data(&self) -> Option<&Data> {
        self.data.as_ref()
    }

    /// What has to be read: of stores, the parts that can have events which pass the filters.
    fn units<'d>(
        &self,
        data: &'d Data,
        prefilter: &Prefilter,
        filters: &[Expr],
    ) -> impl Iterator<Item = Unit> + use<'d> {
        let span = if data.prefilter { Span::of(filters, self.events.columns()) } else { Span::ALL };
        let ruled_out: Vec<LogSource> =
            data.stored.log_sources().filter(|source| prefilter.rules_out(source)).collect();
        data.units().filter(move |unit| {
            let Some(part) = unit.stored.as_ref().map(|placed| &placed.part) else { return true };
            // A run that derives its clock has to see the newest event, or to know that it is older.
            if data.newest.as_ref().is_some_and(|newest| !newest.knows(part)) {
                return true;
            }
            let is_in_time = part.times.is_none_or(|(first, last)| span.meets(first, last));
            is_in_time && !ruled_out.contains(&part.log_source)
        })
    }

    /// What the filters of a scan let leave out.
    pub fn prefilter(&self, filters: &[Expr]) -> Prefilter {
        match &self.data {
            Some(data) if data.prefilter => Prefilter::new(filters, self.events.columns(), data),
            _ => Prefilter::off(),
        }
    }
}

#[async_trait]
impl TableProvider for EventTable {
    fn schema(&self) -> SchemaRef {
        datafusion::logical_expr::TableSource::schema(self.events.as_ref())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        datafusion::logical_expr::TableSource::supports_filters_pushdown(self.events.as_ref(), filters)
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(data) = &self.data else { return plan_err!("nothing says which data the plan is to read") };
        let all = self.events.columns();
        let wanted: Vec<usize> = projection.cloned().unwrap_or_else(|| (0..=all.len()).collect());
        let columns: Arc<[ScanColumn]> = wanted.iter().filter_map(|index| all.get(*index).cloned()).collect();
        // The id is built last; a projection that wants it elsewhere is put right behind it.
        let mut next = 0..columns.len();
        let order = wanted.iter().map(|index| match all.get(*index) {
            Some(_) => next.next().unwrap_or_default(),
            None => columns.len(),
        });
        let order = order.collect();
        let keep_id = wanted.contains(&all.len());
        let prefilter = Arc::new(self.prefilter(filters));
        let output = ScanOutput { columns, keep_id, order, limit, prefilter };
        let partitions = state.config_options().execution.target_partitions;
        let files = units::source(data, self.units(data, &output.prefilter, filters), partitions)?;
        Ok(Arc::new(EventScanExec::new(output, data.clone(), files)?))
    }
}
