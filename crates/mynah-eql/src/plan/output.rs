//! The plan around the condition.
use super::pipes::Step;
use super::time;
use crate::names::{self, CATEGORY, TIMESTAMP};
use datafusion::common::Result;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_view::{EVENT_ID, EventScan, Kind, PlatformView};

/// Events that meet the condition, in the order of their time, cut as the pipes say; the time and the
/// fields that the query mentions.
pub(super) fn plan(
    view: &PlatformView,
    mentioned: Vec<&str>,
    by_category: bool,
    condition: Expr,
    pipes: &[Step],
) -> Result<LogicalPlan> {
    let shown: Vec<_> = std::iter::once(TIMESTAMP)
        .chain(mentioned.into_iter().filter(|name| *name != TIMESTAMP))
        .map(|name| names::resolve(view, name).column)
        .collect();
    let category = by_category.then(|| names::resolve(view, CATEGORY).column);
    let columns: Vec<Expr> = shown
        .iter()
        .map(|scanned| match scanned.field_type.kind {
            Kind::Milliseconds => time::written(column(&scanned.name), scanned.field_type.many).alias(&scanned.name),
            // Under its name alone, without the table's.
            _ => column(&scanned.name).alias(&scanned.name),
        })
        .collect();
    let scan = EventScan::new(shown.into_iter().chain(category)).into_plan()?;
    let mut plan = LogicalPlanBuilder::from(scan).filter(condition)?.sort(order(true))?;
    for step in pipes {
        plan = match *step {
            Step::Head(count) => plan.limit(0, Some(count))?,
            // The last ones are the first ones in the opposite order.
            Step::Tail(count) => plan.sort(order(false))?.limit(0, Some(count))?.sort(order(true))?,
        };
    }
    plan.project(columns)?.build()
}

/// By time, events without one last; then as they stand in the logs. Or just the other way round.
fn order(ascending: bool) -> Vec<SortExpr> {
    vec![column(TIMESTAMP).sort(ascending, !ascending), column(EVENT_ID).sort(ascending, !ascending)]
}
