use crate::{Binding, FieldType};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, TableProviderFilterPushDown, TableSource};
use datafusion::prelude::Expr;
use mynah_event::LogSource;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The name of the column that every scan ends with: the [`mynah_event::EventId`] of each event, as `UInt64`.
///
/// It gives events that share a time their order, and leads from a result back to its events.
pub const EVENT_ID: &str = "__event";

/// One column of an [`EventScan`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScanColumn {
    /// The name the query uses.
    pub name: String,
    /// What its values are.
    pub field_type: FieldType,
    /// Where they come from, by log source; events of other log sources have none.
    pub bindings: Vec<(LogSource, Arc<[Binding]>)>,
}

/// The leaf of every plan: all events, as one platform sees them, with just the columns a query names.
///
/// It says what to read, not from where: the engine puts its own table, over the run's data, in its
/// place before it executes the plan.
///
/// ```
/// use mynah_view::{Catalog, EventScan};
/// let catalog = Catalog::parse([
///     ("splunk/aws.cloudtrail.toml", "log_source = 'aws.cloudtrail'\n[fields]\n'eventName' = 'eventName'"),
/// ])?;
/// let view = catalog.platform(mynah_event::Platform::Splunk)?;
/// let scan = EventScan::new([view.resolve("eventName").column]);
/// let plan = scan.into_plan()?;
/// assert_eq!(plan.schema().field_names(), ["events.eventName", "events.__event"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<ScanColumn>", into = "Vec<ScanColumn>")]
pub struct EventScan {
    columns: Vec<ScanColumn>,
    schema: SchemaRef,
}

impl EventScan {
    /// A scan of these columns (of two with one name the first counts), and of [`EVENT_ID`].
    pub fn new(columns: impl IntoIterator<Item = ScanColumn>) -> Self {
        let mut kept: Vec<ScanColumn> = Vec::new();
        for column in columns {
            if column.name != EVENT_ID && !kept.iter().any(|other| other.name == column.name) {
                kept.push(column);
            }
        }
        let mut fields: Vec<Field> =
            kept.iter().map(|column| Field::new(&column.name, column.field_type.data_type(), true)).collect();
        fields.push(Field::new(EVENT_ID, DataType::UInt64, false));
        EventScan { columns: kept, schema: Arc::new(Schema::new(fields)) }
    }

    /// The columns, [`EVENT_ID`] not among them.
    pub fn columns(&self) -> &[ScanColumn] {
        &self.columns
    }

    /// The plan that yields it, as the table `events`.
    ///
    /// # Errors
    /// Where DataFusion refuses the schema.
    pub fn into_plan(self) -> Result<LogicalPlan> {
        LogicalPlanBuilder::scan("events", Arc::new(self), None)?.build()
    }
}

impl From<Vec<ScanColumn>> for EventScan {
    fn from(columns: Vec<ScanColumn>) -> Self {
        EventScan::new(columns)
    }
}

impl From<EventScan> for Vec<ScanColumn> {
    fn from(scan: EventScan) -> Self {
        scan.columns
    }
}

impl TableSource for EventScan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Filters reach the scan, which uses them to leave out what cannot match; the plan still applies them.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}
