//! Exceptions, applied at the scan, where they work for every language alike.
//!
//! An exception names fields of one platform's view. The view says where their values are in the records, which does not
//! depend on the query's language. So the same columns are added to the scan of any plan, and events that fit are
//! filtered before the query aggregates them.
use crate::facts::metadata;
use crate::manifest::{Exception, Exceptions};
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, Result};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_engine::Engine;
use mynah_event::Platform;
use mynah_kernels::{Case, Matcher, Network, WildcardSyntax, cidr_match, text_match};
use mynah_view::{EventScan, FieldType, Kind, Meta, ScanColumn};

/// The column with the events' time.
const TIME: &str = "__exception_time";

/// The plan without the events that the exceptions ignore.
pub(crate) fn apply(plan: LogicalPlan, exceptions: &Exceptions, engine: &Engine) -> Result<LogicalPlan, String> {
    if exceptions.exceptions.is_empty() {
        return Ok(plan);
    }
    let time = metadata(engine, TIME, Meta::Time, Kind::Milliseconds).map_err(|error| error.to_string())?;
    let mut columns = vec![time];
    let mut ignored: Vec<Expr> = Vec::new();
    for (index, exception) in exceptions.exceptions.iter().enumerate() {
        ignored.extend(condition(exception, index, engine, &mut columns)?);
    }
    let Some(kept) = conjunction(ignored.into_iter().map(|ignored| Expr::Not(Box::new(ignored)))) else {
        return Ok(plan);
    };
    let placed = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(scan) = &node else { return Ok(Transformed::no(node)) };
        let source: &dyn std::any::Any = scan.source.as_ref();
        let Some(events) = source.downcast_ref::<EventScan>() else { return Ok(Transformed::no(node)) };
        let own: Vec<Expr> = scan.projected_schema.columns().into_iter().map(Expr::Column).collect();
        let wider = EventScan::new(events.columns().iter().chain(&columns).cloned()).reaching(events.reach());
        let plan = LogicalPlanBuilder::from(wider.into_plan()?).filter(kept.clone())?.project(own)?.build()?;
        Ok(Transformed::yes(plan))
    });
    placed.map(|placed| placed.data).map_err(|error| error.to_string())
}

/// Whether a column fits one of an exception's values: as a text with wildcards or, where the value is a network, as an address
/// in it. A record may hold a network itself, which is a text like any other.
fn fits_any(values: &[String], column: Expr) -> Expr {
    let texts = Matcher::wildcards(
        values.iter().map(String::as_str),
        WildcardSyntax { one: Some('?'), ..WildcardSyntax::STARS },
        Case::Folded,
    );
    let networks: Vec<Network> =
        values.iter().filter(|value| value.contains('/')).filter_map(|value| value.parse().ok()).collect();
    let is_text = text_match(texts, column.clone()).is_true();
    if networks.is_empty() { is_text } else { is_text.or(cidr_match(networks, column).is_true()) }
}

/// Whether an event fits an exception, over columns that are added to `columns`.
fn condition(
    exception: &Exception,
    index: usize,
    engine: &Engine,
    columns: &mut Vec<ScanColumn>,
) -> Result<Option<Expr>, String> {
    let view = engine.view(exception.names.unwrap_or(Platform::Sigma)).map_err(|error| error.to_string())?;
    let mut fits = Vec::new();
    for (place, (field, values)) in exception.fields.iter().enumerate() {
        let resolved = view.resolve(field);
        // A name that a log source knows only through its catch-all could be a misspelling.
        if !resolved.known {
            let meant = resolved.suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            let platform = view.platform();
            return Err(format!("{platform} has no field `{field}`{meant} (in the exception: {})", exception.reason));
        }
        let column = ScanColumn {
            name: format!("__exception_{index}_{place}"),
            field_type: FieldType { kind: Kind::Text, many: resolved.column.field_type.many },
            ..resolved.column
        };
        fits.push(fits_any(values.values(), Expr::Column(Column::from_name(&column.name))));
        columns.push(column);
    }
    let last = exception.expires.tomorrow().ok().and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let until = last.map_or(i64::MAX, |day| day.timestamp().as_millisecond());
    fits.push(Expr::Column(Column::from_name(TIME)).lt(lit(until)).is_not_false());
    Ok(conjunction(fits))
}
