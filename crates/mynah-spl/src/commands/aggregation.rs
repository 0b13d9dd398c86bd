//! What `stats` and its relatives share: a list of calls, and the aggregation they make.
use super::arguments::Arguments;
use super::sparkline;
use crate::aggregates::{Aggregate, AggregateCall, Argument, is_function, lower};
use crate::expression::{Expression, ExpressionKind, Type, Typed, lower_assignable};
use crate::plan::{Key, Needs, Planner, Rows};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Span, Spanned};

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
    let (mut call, length) = AggregateCall::parse_prefix(rest.of(arguments.text), rest.start)?;
    arguments.seek(rest.start + length);
    let counts = ["count", "c"].iter().any(|name| call.function.node.eq_ignore_ascii_case(name));
    if call.argument.is_none() && call.sparkline.is_none() && !counts && is_function(&call.function.node) {
        // The deprecated `stats avg`, which is `stats avg(*)`.
        call.argument = Some(Argument::Field(Spanned::new("*".to_owned(), call.function.span)));
    }
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
        if matches!(call.function.node.as_str(), "earliest" | "latest" | "earliest_time" | "latest_time" | "rate")
            || call.sparkline.is_some()
        {
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
            let aggregate = match call.sparkline {
                Some(_) => sparkline::gathered(call, rows)?,
                None => lower(call, rows.scope(), &order)?,
            };
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
    if calls.iter().any(AggregateCall::is_of_figures) {
        return of_figures(rows, by, &calls, planner);
    }
    let sparklines = sparkline::drawings(&calls, &rows, planner)?;
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
    for ((name, hidden, aggregate), sparkline) in lowered.into_iter().zip(sparklines) {
        let typed = Typed { expr: aggregate.value(column(&hidden)), ty: aggregate.ty };
        let typed = match sparkline {
            Some(sparkline) => sparkline.drawn(typed),
            None => typed,
        };
        match columns.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = typed,
            None => columns.push((name, typed)),
        }
    }
    let order = by.iter().map(Key::ascending).collect();
    let rows = Rows::new(plan, crate::expression::Scope::default(), order, false).project(columns, planner)?;
    Ok(if open { rows.opened() } else { rows })
}

/// The same where some calls are calculated of the results of others.
fn of_figures(
    rows: Rows,
    by: &[String],
    calls: &[AggregateCall],
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let mut plain = Vec::new();
    let mut results = Vec::new();
    for call in calls {
        let (true, Some(Argument::Eval(expression))) = (call.is_of_figures(), &call.argument) else {
            plain.push(call.clone());
            results.push((call.output_name(), None));
            continue;
        };
        let mut figure = |name: &Spanned<String>, arguments: &[Expression], span: Span| {
            let argument = match arguments {
                [] => None,
                [Expression { kind: ExpressionKind::Field(field), span }] => {
                    Some(Argument::Field(Spanned::new(field.clone(), *span)))
                }
                [expression] => Some(Argument::Eval(expression.clone())),
                // `max` of several values is one of a row's.
                _ => return None,
            };
            if !is_function(&name.node) {
                return None;
            }
            let alias = planner.fresh("figure");
            let named = Some(Spanned::new(alias.clone(), span));
            plain.push(AggregateCall {
                function: name.clone(),
                argument,
                alias: named,
                written: None,
                span,
                sparkline: None,
            });
            Some(Expression { kind: ExpressionKind::Field(alias), span })
        };
        results.push((call.output_name(), Some(expression.clone().with_calls(&mut figure))));
    }
    let rows = aggregate(rows, by, &plain, planner)?;
    let mut columns: Vec<(String, Typed)> = by.iter().map(|name| (name.clone(), rows.column(name))).collect();
    for (name, expression) in results {
        let value = match expression {
            Some(expression) => lower_assignable(&expression, rows.scope())?,
            None => rows.column(&name),
        };
        columns.push((name, value));
    }
    rows.project(columns, planner)
}

/// The rows with each value of these fields once, where a row has several.
pub(super) fn with_distinct_values(
    rows: Rows,
    names: &[String],
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let several = names.iter().filter(|name| rows.scope().get(name) == Some(Type::Multi));
    let columns: Vec<(String, Typed)> =
        several.map(|name| (name.clone(), super::derived::TOGETHER.typed(vec![rows.column(name).expr]))).collect();
    if columns.is_empty() { Ok(rows) } else { rows.with(columns, planner) }
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
