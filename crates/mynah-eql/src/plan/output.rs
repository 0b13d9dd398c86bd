//! The plan around the condition of single events, and what is shown of an event.
use super::pipes::Step;
use super::time;
use crate::names::{CATEGORY, TIMESTAMP};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_view::{EVENT_ID, EventScan, Kind, PlatformView, ScanColumn};

/// What is shown of an event: its time, and the fields that the query mentions.
pub(super) struct Shown<'v> {
    view: &'v PlatformView,
    columns: Vec<ScanColumn>,
    /// Whether each event's id is shown as well.
    ids: bool,
}

impl<'v> Shown<'v> {
    /// With these fields, each once.
    pub fn new(view: &'v PlatformView, mentioned: Vec<&str>, ids: bool) -> Self {
        let names = std::iter::once(TIMESTAMP).chain(mentioned.into_iter().filter(|name| *name != TIMESTAMP));
        Shown { view, columns: names.map(|name| view.resolve(name).column).collect(), ids }
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// A scan of the columns, and of one more field.
    pub fn scan(&self, also: Option<&str>) -> Result<LogicalPlan> {
        let also = also.map(|name| self.view.resolve(name).column);
        EventScan::new(self.columns.iter().cloned().chain(also)).into_plan()
    }

    /// The columns as they are shown.
    pub fn written(&self) -> impl Iterator<Item = Expr> {
        let ids = self.ids.then(|| column(EVENT_ID).alias(EVENT_ID));
        let fields = self.columns.iter().map(|scanned| match scanned.field_type.kind {
            Kind::Milliseconds => {
                time::written_column(column(&scanned.name), scanned.field_type.many).alias(&scanned.name)
            }
            // Under its name alone, without the table's.
            _ => column(&scanned.name).alias(&scanned.name),
        });
        fields.chain(ids)
    }
}

/// Events that meet the condition, in the order of their time, cut as the pipes say.
pub(super) fn plan(shown: &Shown<'_>, by_category: bool, condition: Expr, pipes: &[Step]) -> Result<LogicalPlan> {
    let scan = shown.scan(by_category.then_some(CATEGORY))?;
    let mut plan = LogicalPlanBuilder::from(scan).filter(condition)?.sort(order(true))?;
    for step in pipes {
        plan = match *step {
            Step::Head(count) => plan.limit(0, Some(count))?,
            // The last ones are the first ones in the opposite order.
            Step::Tail(count) => plan.sort(order(false))?.limit(0, Some(count))?.sort(order(true))?,
        };
    }
    plan.project(shown.written())?.build()
}

/// By time, events without one last; then as they stand in the logs. Or just the other way round.
fn order(ascending: bool) -> Vec<SortExpr> {
    vec![column(TIMESTAMP).sort(ascending, !ascending), column(EVENT_ID).sort(ascending, !ascending)]
}
