use crate::{Binding, FieldType};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, TableProviderFilterPushDown, TableSource};
use datafusion::prelude::Expr;
use mynah_event::LogSource;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The name of the column that every scan ends with: the [`mynah_event::EventId`] of each event, as `UInt64`.
///
/// It gives events that share a time their order, and leads from a result back to its events.
pub const EVENT_ID: &str = "__event";

/// One column of an [`EventScan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanColumn {
    /// The name the query uses.
    pub name: String,
    /// What its values are.
    pub field_type: FieldType,
    /// Where they come from, by log source; events of other log sources have none.
    pub bindings: Vec<(LogSource, Arc<[Binding]>)>,
}

impl Hash for ScanColumn {
    /// Columns of thousands of rules are compared, and have bindings for a hundred log sources: the first and the last of
    /// these tell enough.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, self.field_type, self.bindings.len(), self.bindings.first(), self.bindings.last()).hash(state);
    }
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
#[serde(from = "Written", into = "Written")]
pub struct EventScan {
    columns: Vec<ScanColumn>,
    reach: Reach,
    schema: SchemaRef,
}

/// Which events a scan reads where its plan is run over a stretch of time: the window of a detection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Those of the stretch.
    #[default]
    Stretch,
    /// Those of a stretch as long, so many milliseconds earlier: for a look at the same time of another day.
    Earlier(i64),
    /// Those of any time: the plan itself says of which.
    All,
}

/// An [`EventScan`] as serde writes it.
#[derive(Serialize, Deserialize)]
struct Written {
    columns: Vec<ScanColumn>,
    #[serde(default)]
    reach: Reach,
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
        EventScan { columns: kept, reach: Reach::Stretch, schema: Arc::new(Schema::new(fields)) }
    }

    /// The same over other events of a stretch of time.
    pub fn reaching(self, reach: Reach) -> Self {
        EventScan { reach, ..self }
    }

    /// Which events it reads of a stretch of time.
    pub fn reach(&self) -> Reach {
        self.reach
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

impl From<Written> for EventScan {
    fn from(written: Written) -> Self {
        EventScan::new(written.columns).reaching(written.reach)
    }
}

impl From<EventScan> for Written {
    fn from(scan: EventScan) -> Self {
        Written { columns: scan.columns, reach: scan.reach }
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
