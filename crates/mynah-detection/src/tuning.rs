//! Exceptions, applied where they hold for every language alike: at the scan.
//!
//! An exception names fields in one platform's view. What that view says of where the values come from holds for the
//! records whoever looks at them, so the same columns are added to the scan of any plan, and events that fit are
//! left out before the query sees them: also out of what it counts.
use crate::Exceptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, Result};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_engine::Engine;
use mynah_event::Platform;
use mynah_kernels::{Case, Matcher, WildcardSyntax, text_match};
use mynah_view::{Binding, EventScan, FieldType, Kind, Meta, Origin, ScanColumn};
use std::sync::Arc;

/// The plan without the events that an exception leaves out.
pub(crate) fn apply(plan: LogicalPlan, exceptions: &Exceptions, engine: &Engine) -> Result<LogicalPlan, String> {
    if exceptions.exceptions.is_empty() {
        return Ok(plan);
    }
    let view = engine.view(Platform::Sigma).map_err(|error| error.to_string())?;
    let time: Arc<[Binding]> = Arc::new([Binding {
        origin: Origin::Meta(Meta::Time),
        apply: Vec::new(),
        when: Vec::new(),
        objects_as_json: false,
        also: false,
    }]);
    let mut columns = vec![ScanColumn {
        name: "__exception_time".to_owned(),
        field_type: FieldType::one(Kind::Milliseconds),
        bindings: view.log_sources().map(|source| (source.clone(), Arc::clone(&time))).collect(),
    }];
    let mut kept: Option<Expr> = None;
    for (index, exception) in exceptions.exceptions.iter().enumerate() {
        let names = engine.view(exception.names.unwrap_or(Platform::Sigma)).map_err(|error| error.to_string())?;
        let mut fits = Vec::new();
        for (place, (field, values)) in exception.fields.iter().enumerate() {
            let resolved = names.resolve(field);
            // A name that some log source has by way of its catch-all is read, but may be misspelt.
            if !resolved.known {
                let meant = resolved.suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                return Err(format!(
                    "{} has no field `{field}`{meant} (the exception is for: {})",
                    names.platform(),
                    exception.reason
                ));
            }
            let column = ScanColumn {
                name: format!("__exception_{index}_{place}"),
                field_type: text_of(resolved.column.field_type),
                ..resolved.column
            };
            let matcher = Matcher::wildcards(
                values.values().iter().map(String::as_str),
                WildcardSyntax { one: Some('?'), ..WildcardSyntax::STARS },
                Case::Folded,
            );
            fits.push(text_match(matcher, Expr::Column(Column::from_name(&column.name))).is_true());
            columns.push(column);
        }
        let last = exception.expires.tomorrow().ok().and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
        let until = last.map_or(i64::MAX, |day| day.timestamp().as_millisecond());
        fits.push(Expr::Column(Column::from_name("__exception_time")).lt(lit(until)).is_not_false());
        if let Some(hidden) = conjunction(fits) {
            let keep = Expr::Not(Box::new(hidden));
            kept = Some(kept.map_or(keep.clone(), |so_far| so_far.and(keep)));
        }
    }
    let Some(kept) = kept else { return Ok(plan) };
    let placed = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(scan) = &node else { return Ok(Transformed::no(node)) };
        let source: &dyn std::any::Any = scan.source.as_ref();
        let Some(events) = source.downcast_ref::<EventScan>() else { return Ok(Transformed::no(node)) };
        let own: Vec<Expr> = scan.projected_schema.columns().into_iter().map(Expr::Column).collect();
        let wider = EventScan::new(events.columns().iter().chain(&columns).cloned());
        let plan = LogicalPlanBuilder::from(wider.into_plan()?).filter(kept.clone())?.project(own)?.build()?;
        Ok(Transformed::yes(plan))
    });
    placed.map(|placed| placed.data).map_err(|error| error.to_string())
}

/// The type of a column of texts, whatever the values are.
fn text_of(field_type: FieldType) -> FieldType {
    FieldType { kind: Kind::Text, many: field_type.many }
}
