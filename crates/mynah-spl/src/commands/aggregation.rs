//! What `stats` and its relatives share: a list of calls, and the aggregation they make.
use super::arguments::Arguments;
use crate::aggregates::{Aggregate, AggregateCall, Argument, lower};
use crate::expression::{Type, Typed};
use crate::plan::{Key, Needs, Planner, Rows};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Spanned};

/// Reads calls up to the end or one of the keywords; there must be one, such as those that are `expected`.
///
/// # Errors
/// Where something else is among them, or there are none.
pub(super) fn calls(
    arguments: &mut Arguments<'_>,
    keywords: &[&str],
    expected: &str,
) -> Result<Vec<AggregateCall>, Diagnostic> {
    let mut calls = Vec::new();
    while let Some(call) = next_call(arguments, keywords)? {
        calls.push(call);
    }
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), expected));
    }
    Ok(calls)
}

/// Reads a call, if neither the end nor one of the keywords is next.
///
/// # Errors
/// Where something else is next.
pub(super) fn next_call(arguments: &mut Arguments<'_>, keywords: &[&str]) -> Result<Option<AggregateCall>, Diagnostic> {
    while arguments.symbol(',') {}
    if arguments.is_empty() || keywords.iter().any(|word| arguments.at_keyword(word)) {
        return Ok(None);
    }
    let rest = arguments.rest();
    let (call, length) = AggregateCall::parse_prefix(rest.of(arguments.text), rest.start)?;
    arguments.seek(rest.start + length);
    Ok(Some(call))
}

/// The fields that the calls read.
pub(super) fn reads(calls: &[AggregateCall], needs: Needs) -> Needs {
    let mut needs = needs;
    for call in calls {
        match &call.argument {
            Some(Argument::Field(field)) => needs.reads.push(field.clone()),
            Some(Argument::Eval(expression)) => needs.reads.extend(expression.fields()),
            None => {}
        }
        // These look at the events' time, whatever they are calculated of.
        if matches!(call.function.node.as_str(), "earliest" | "latest" | "earliest_time" | "latest_time" | "rate") {
            needs.reads.push(Spanned::new("_time".to_owned(), call.span));
        }
    }
    needs
}

/// The calls with one for each field in place of those with wildcards, each output name once.
pub(super) fn expand(calls: &[AggregateCall], rows: &Rows, by: &[String]) -> Vec<AggregateCall> {
    let names = rows.names();
    let visible: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.starts_with('_') && !by.iter().any(|by| by == name))
        .collect();
    let mut all: Vec<AggregateCall> = Vec::new();
    for call in calls.iter().flat_map(|call| call.expand(visible.iter().copied())) {
        all.retain(|known| known.output_name() != call.output_name());
        all.push(call);
    }
    all
}

/// The lowered calls, with the hidden columns that hold their results.
pub(super) fn lowered(
    calls: &[AggregateCall],
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Vec<(String, String, Aggregate)>, Diagnostic> {
    let order = rows.sort_exprs();
    calls
        .iter()
        .map(|call| {
            let aggregate = lower(call, rows.scope(), &order)?;
            Ok((call.output_name(), planner.fresh("aggregate"), aggregate))
        })
        .collect()
}

/// One row for each combination of the values of `by`, sorted by these, with the calls' results.
///
/// Rows that lack a field of `by` do not count; one with several values counts for each.
///
/// # Errors
/// Where a call cannot be lowered.
pub(super) fn aggregate(
    rows: Rows,
    by: &[String],
    calls: &[AggregateCall],
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let mut rows = rows;
    for name in by {
        rows = one_value_each(rows, name, planner)?;
    }
    let calls = expand(calls, &rows, by);
    let lowered = lowered(&calls, &rows, planner)?;
    let groups: Vec<Expr> = by.iter().map(|name| column(name)).collect();
    let types: Vec<(String, Type)> = by.iter().map(|name| (name.clone(), rows.column(name).ty)).collect();
    let aggregates: Vec<Expr> =
        lowered.iter().map(|(_, hidden, aggregate)| aggregate.call.clone().alias(hidden)).collect();
    let open = rows.scope().open;
    let mut plan = LogicalPlanBuilder::from(rows.plan().clone());
    if aggregates.is_empty() {
        plan = plan.project(groups).and_then(LogicalPlanBuilder::distinct).map_err(|error| planner.failed(&error))?;
    } else {
        plan = plan.aggregate(groups, aggregates).map_err(|error| planner.failed(&error))?;
    }
    let plan = plan.build().map_err(|error| planner.failed(&error))?;
    let mut columns: Vec<(String, Typed)> =
        types.into_iter().map(|(name, ty)| (name.clone(), Typed { expr: column(&name), ty })).collect();
    for (name, hidden, aggregate) in lowered {
        let typed = Typed { expr: aggregate.value(column(&hidden)), ty: aggregate.ty };
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = typed,
            None => columns.push((name, typed)),
        }
    }
    let order = by.iter().map(Key::ascending).collect();
    let rows = Rows::new(plan, crate::expression::Scope::default(), order, false).project(columns, planner)?;
    Ok(if open { rows.opened() } else { rows })
}

/// The rows that have the field, one for each of its values.
fn one_value_each(rows: Rows, name: &str, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let typed = rows.column(name);
    match rows.scope().get(name) {
        Some(Type::Multi) => {
            super::multivalue::expand(rows, name, None, planner)?.filter(column(name).is_not_null(), planner)
        }
        Some(Type::Null) | None => {
            // Grouping needs a column, even one that is never set.
            let text = Typed { expr: typed.into_text(), ty: Type::Text };
            rows.with(vec![(name.to_owned(), text)], planner)?.filter(column(name).is_not_null(), planner)
        }
        Some(_) => rows.filter(column(name).is_not_null(), planner),
    }
}
