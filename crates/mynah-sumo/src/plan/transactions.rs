//! `transactionize`, `merge` and `transaction`: messages put together.
use super::transactionize::{ADDED, Transactions};
use super::{Aggregated, Draft, Kind, Level, Order, PlanColumn, Role, TIME, Typed, ValueFunction, aggregate};
use crate::ast::{
    MergeField, Name, Place, Results, State, StateText, Strategy, Text, Transaction, Transactionize, interval,
};
use datafusion::common::plan_err;
use datafusion::functions_aggregate::expr_fn;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::expr::NullTreatment;
use datafusion::logical_expr::{Expr, ExprFunctionExt, lit, when};
use mynah_dialect::column;
use mynah_kernels::{Case, Matcher, WildcardSyntax, text_match, whole_rows};
use mynah_syntax::{Diagnostic, Span};

/// A length of time that an option gives.
fn time(option: &Option<String>, at: Span) -> Result<Option<i64>, Diagnostic> {
    let read = |text: &String| {
        interval(text).ok_or_else(|| Diagnostic::error("sumo/interval", format!("`{text}` is no interval"), at))
    };
    option.as_ref().map(read).transpose()
}

/// The column with the time of each row, if it has one.
fn time_column(draft: &mut Draft<'_>) -> Result<Option<String>, Diagnostic> {
    let value = match draft.level {
        Level::Messages => draft.scanned(TIME),
        Level::Groups => match ["_messagetime", "_timeslice"].into_iter().find_map(|name| draft.field(name)) {
            Some(field) => Typed::new(column(&field.name), field.kind),
            None => return Ok(None),
        },
    };
    draft.hide("time", value.to(Kind::Integer)).map(Some)
}

pub(super) fn transactionize(draft: &mut Draft<'_>, operator: &Transactionize) -> Result<(), Diagnostic> {
    let at = draft.at;
    let mut fields = Vec::new();
    for name in &operator.fields {
        let value = draft.resolve(name)?.to(Kind::Text);
        fields.push(draft.hide("shared", value)?);
    }
    let time_column = time_column(draft)?;
    let prefix = operator.name.as_ref().map_or_else(|| "_group".to_owned(), |name| name.text.clone());
    let mut flag = |option: &Option<(Text, bool)>| -> Result<Option<(String, bool)>, Diagnostic> {
        let Some((text, strict)) = option else { return Ok(None) };
        let raw = draft.raw().expr;
        let matcher = Matcher::wildcards([format!("*{}*", text.value()).as_str()], WildcardSyntax::STARS, Case::Exact);
        let found = Typed::new(text_match(matcher, raw), Kind::Boolean);
        Ok(Some((draft.hide("limit", found)?, *strict)))
    };
    let (starts, ends) = (flag(&operator.starts_with)?, flag(&operator.ends_with)?);
    let transactions = Transactions {
        prefix: prefix.clone(),
        fields,
        time: time_column.clone(),
        starts,
        ends,
        max_span: time(&operator.max_span, at)?,
        max_pause: time(&operator.max_pause, at)?,
        max_logs: operator.max_logs,
        drop_orphans: operator.drop_orphans,
    };
    for suffix in ADDED {
        let name = format!("{prefix}{suffix}");
        draft.columns.retain(|known| !known.name.eq_ignore_ascii_case(&name));
    }
    // The numbers of groups follow the order of the rows.
    let order = draft.sort_keys();
    let kept: Vec<Expr> = draft.columns.iter().map(|known| column(&known.name)).collect();
    let rows = draft.derived(|builder| builder.sort(order)?.project(kept))?;
    draft.plan = whole_rows(transactions, rows).map_err(|error| draft.refused(&error))?;
    let kinds = [Kind::Integer, Kind::Integer, Kind::Integer, Kind::Boolean];
    let added = ADDED.iter().zip(kinds).map(|(suffix, kind)| PlanColumn {
        name: format!("{prefix}{suffix}"),
        kind,
        role: Role::Field,
        many: false,
    });
    draft.columns.splice(0..0, added);
    match &operator.merge {
        None => Ok(()),
        Some(fields) => {
            let keys = ADDED.iter().map(|suffix| format!("{prefix}{suffix}")).collect();
            merged(draft, fields, keys, time_column)
        }
    }
}

pub(super) fn merge(draft: &mut Draft<'_>, fields: &[MergeField]) -> Result<(), Diagnostic> {
    let time = time_column(draft)?;
    merged(draft, fields, Vec::new(), time)
}

/// A row for each group of these keys.
fn merged(
    draft: &mut Draft<'_>,
    fields: &[MergeField],
    keys: Vec<String>,
    time: Option<String>,
) -> Result<(), Diagnostic> {
    let keys = keys.into_iter().filter_map(|name| {
        let field = draft.field(&name)?;
        Some((name, Typed::new(column(&field.name), field.kind)))
    });
    let keys: Vec<(String, Typed)> = keys.collect();
    let by_time = || time.as_ref().map(|time| Typed::new(column(time), Kind::Integer));
    let raw =
        [MergeField { field: Name::implied("_raw", Place::default()), strategy: Strategy::Join(None), name: None }];
    let mut calls = Vec::new();
    if fields.is_empty()
        && let Some(time) = by_time()
    {
        calls.push(Aggregated::of_one("Time", Kind::Integer, time, |time, _| Ok(expr_fn::min(time))));
    }
    for field in if fields.is_empty() { raw.as_slice() } else { fields } {
        let value = draft.resolve(&field.field)?;
        let name = match &field.name {
            Some(name) => name.text.clone(),
            None => {
                draft.field(&field.field.text).map_or_else(|| draft.spelling(&field.field.text), |f| f.name.clone())
            }
        };
        calls.push(merge_call(name, value, &field.strategy, by_time()));
    }
    aggregate(draft, keys, calls)
}

fn merge_call(name: String, value: Typed, strategy: &Strategy, time: Option<Typed>) -> Aggregated {
    let first = matches!(strategy, Strategy::TakeFirst);
    let after = match strategy {
        Strategy::TakeFirst | Strategy::TakeLast => None,
        Strategy::TakeDistinct => Some(ValueFunction::Distinct("\n".to_owned())),
        Strategy::Join(text) => Some(ValueFunction::Joined(text.as_ref().map_or_else(|| "\n".to_owned(), Text::value))),
    };
    let value = if after.is_some() { value.to(Kind::Text) } else { value };
    let (kind, lists) = (value.kind, after.is_some());
    let call = move |arguments: Vec<Expr>, order: Vec<datafusion::logical_expr::SortExpr>| {
        let mut arguments = arguments.into_iter();
        let Some(value) = arguments.next() else { return plan_err!("an aggregate without its argument") };
        // The earliest first; rows without a time as they stand.
        let by: Vec<_> = match arguments.next() {
            Some(time) => std::iter::once(time.sort(true, false)).chain(order).collect(),
            None => order,
        };
        if lists {
            return expr_fn::array_agg(value).order_by(by).null_treatment(NullTreatment::IgnoreNulls).build();
        }
        let call = if first { expr_fn::first_value(value, Vec::new()) } else { expr_fn::last_value(value, Vec::new()) };
        call.order_by(by).null_treatment(NullTreatment::IgnoreNulls).build()
    };
    Aggregated { name, kind, arguments: std::iter::once(value).chain(time).collect(), call: Box::new(call), after }
}

pub(super) fn transaction(draft: &mut Draft<'_>, transaction: &Transaction) -> Result<(), Diagnostic> {
    let at = draft.at;
    if transaction.results == Results::States {
        let message = "`transaction … results by states` is not supported: what its rows are is not documented";
        return draft.cannot_run("sumo/unsupported", message.into(), at);
    }
    let mut keys = Vec::new();
    for name in &transaction.on {
        let label = draft.field(&name.text).map_or_else(|| draft.spelling(&name.text), |field| field.name.clone());
        keys.push((label, draft.resolve(name)?));
    }
    let Some(time_name) = time_column(draft)? else {
        return Err(Diagnostic::error("sumo/transaction", "`transaction` needs the time of messages", at));
    };
    // Of several states that a message fits, it is in the first.
    let mut state: Option<datafusion::logical_expr::conditional_expressions::CaseBuilder> = None;
    for one in &transaction.states {
        let (fits, name) = (fits(draft, one)?, lit(one.name.text.clone()));
        state = Some(match state {
            None => when(fits, name),
            Some(mut others) => others.when(fits, name),
        });
    }
    let Some(state) = state else { return Ok(()) };
    let state = Typed::new(state.end().map_err(|error| draft.refused(&error))?, Kind::Text);
    let state = draft.hide("state", state)?;
    draft.filter(column(&state).is_not_null())?;
    match transaction.results {
        Results::Flow => flow(draft, keys, &state, &time_name),
        _ => table(draft, transaction, keys, &state, &time_name),
    }
}

/// Whether a message is in a state.
fn fits(draft: &mut Draft<'_>, state: &State) -> Result<Expr, Diagnostic> {
    let text = match &state.field {
        Some(field) => draft.resolve(field)?.to(Kind::Text).expr,
        None => draft.raw().expr,
    };
    let matcher = match &state.text {
        StateText::Pattern(pattern) => {
            Matcher::wildcards([pattern.value().as_str()], WildcardSyntax::STARS, Case::Exact)
        }
        StateText::Value(value) => Matcher::equal([value.text.as_str()], Case::Exact),
    };
    Ok(text_match(matcher, text))
}

/// A row for each transaction: how many messages are in each state, and when it began and ended.
fn table(
    draft: &mut Draft<'_>,
    transaction: &Transaction,
    keys: Vec<(String, Typed)>,
    state: &str,
    time_name: &str,
) -> Result<(), Diagnostic> {
    let start = match time(&transaction.fringe, draft.at)? {
        Some(fringe) => Some((fringe, draft.oldest_event()?)),
        None => None,
    };
    let mut calls: Vec<Aggregated> = Vec::new();
    for one in &transaction.states {
        let is = when(column(state).eq(lit(one.name.text.clone())), lit(1_i64)).end();
        let is = Typed::new(is.map_err(|error| draft.refused(&error))?, Kind::Integer);
        calls.push(Aggregated::of_one(one.name.text.as_str(), Kind::Integer, is, |is, _| Ok(expr_fn::count(is))));
    }
    let moment = || Typed::new(column(time_name), Kind::Integer);
    calls.push(Aggregated::of_one("_start_time", Kind::Integer, moment(), |time, _| Ok(expr_fn::min(time))));
    calls.push(Aggregated::of_one("_end_time", Kind::Integer, moment(), |time, _| Ok(expr_fn::max(time))));
    aggregate(draft, keys, calls)?;
    let Some((fringe, oldest)) = start else { return Ok(()) };
    let early = oldest.map(|oldest| column("_end_time").lt(lit(oldest.saturating_add(fringe))));
    let late = column("_start_time").gt(mynah_dialect::clock::now() - lit(fringe));
    let cut = early.map_or_else(|| late.clone(), |early| early.or(late.clone()));
    draft.filter(cut.is_not_true())
}

/// A row for each step of a transaction from one state to another.
fn flow(draft: &mut Draft<'_>, keys: Vec<(String, Typed)>, state: &str, time: &str) -> Result<(), Diagnostic> {
    let groups: Vec<Expr> = keys.iter().map(|(_, key)| key.expr.clone()).collect();
    let order = || vec![column(time).sort(true, false), column(&draft.tie).sort(true, false)];
    let before = |value: &str| lag(column(value), Some(1), None).partition_by(groups.clone()).order_by(order()).build();
    let (from, since) = (before(state), before(time));
    let from = from.map_err(|error| draft.refused(&error))?;
    let since = since.map_err(|error| draft.refused(&error))?;
    let from = draft.hide("from", Typed::new(from, Kind::Text))?;
    let since = draft.hide("since", Typed::new(since, Kind::Integer))?;
    draft.filter(column(&from).is_not_null().and(column(&from).not_eq(column(state))))?;
    let latency = column(time) - column(&since);
    let mut columns: Vec<(String, Kind, Role)> = Vec::new();
    let mut shown: Vec<Expr> = Vec::new();
    let steps = [
        ("fromstate".to_owned(), Typed::new(column(&from), Kind::Text)),
        ("tostate".to_owned(), Typed::new(column(state), Kind::Text)),
        ("latency".to_owned(), Typed::new(latency, Kind::Integer)),
    ];
    for (name, value) in keys.into_iter().chain(steps) {
        shown.push(value.expr.alias(name.as_str()));
        columns.push((name, value.kind, Role::Field));
    }
    for (name, of) in [("__time", time), ("__tie", draft.tie.as_str())] {
        shown.push(column(of).alias(name));
        columns.push((name.into(), Kind::Integer, Role::Hidden));
    }
    let plan = draft.derived(|builder| builder.project(shown))?;
    let order =
        vec![Order { column: "__time".into(), ascending: true }, Order { column: "__tie".into(), ascending: true }];
    draft.keys.clear();
    draft.regroup(plan, columns, order, "__tie");
    Ok(())
}
