//! The operators that are a few lines each, and the way to all others.
use super::Aggregated;
use super::expressions::condition;
use super::{
    Draft, Kind, Level, Order, Role, Typed, ValueFunction, aggregate, extract, fillmissing, join, lookup,
    lower as value, predict, series, sessionize, timeslice, trace, transactions, transpose, window,
};
use crate::aggregates::{call_aggregate, count_rows};
use crate::ast::{AggregateCall, Count, Expression, Extract, Key, Name, Operator, Place, SortKey};
use crate::functions::FUNCTIONS;
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::functions_window::expr_fn::{lag, row_number};
use datafusion::logical_expr::{ExprFunctionExt, Operator as Sign, SortExpr, binary_expr, cast, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::call;
use mynah_syntax::Diagnostic;

/// Makes an operator part of the plan.
pub(super) fn lower(draft: &mut Draft<'_>, operator: &Operator) -> Result<(), Diagnostic> {
    // Only parse operators in a row share what `nodrop` lets pass.
    if !matches!(operator, Operator::Extract(all) if all.iter().any(Extract::is_chained)) {
        draft.passed = None;
    }
    match operator {
        Operator::Aggregate { calls, keys } => groups(draft, calls, keys),
        Operator::Bin(operator) => series::bin(draft, operator),
        Operator::Compare(_) => {
            let message = "`compare` cannot stand inside another operator";
            Err(Diagnostic::error("sumo/compare", message, draft.at))
        }
        Operator::Assignment { value, name } => assignment(draft, value, name.as_ref()),
        Operator::CountFrequent(keys) => count_frequent(draft, keys),
        Operator::Dedup { consecutive, number, by } => {
            let number = if let Some(Count::Number(number, _)) = number { *number } else { 1 };
            let keys = if by.is_empty() { vec![draft.raw().expr] } else { draft.values(by)? };
            if *consecutive { dedup_consecutive(draft, keys, number) } else { dedup(draft, keys, number) }
        }
        Operator::Extract(all) => all.iter().try_for_each(|operator| extract::lower(draft, operator)),
        Operator::Fields { without: true, names } => {
            draft.deny(names);
            Ok(())
        }
        Operator::Fields { without: false, names } => draft.allow(names),
        Operator::FillMissing(operator) => fillmissing::lower(draft, operator),
        Operator::Filter(operator) => join::filter(draft, operator),
        Operator::Join(operator) => join::join(draft, operator),
        Operator::Limit(number) => {
            let number = draft.most_rows(number);
            limit(draft, number)
        }
        Operator::Lookup(operator) => lookup::lower(draft, operator),
        Operator::Merge(fields) => transactions::merge(draft, fields),
        Operator::Outlier(operator) => series::outlier(draft, operator),
        Operator::Predict(operator) => predict::lower(draft, operator),
        Operator::Save { place, .. } => {
            let message = "the rows are not saved: there is no lookup table to write to";
            draft.diagnostics.push(Diagnostic::warning("sumo/save", message, place.0));
            Ok(())
        }
        Operator::Sort(keys) => {
            if keys.is_empty() {
                let message = "`sort` without a field changes nothing";
                draft.diagnostics.push(Diagnostic::warning("sumo/sort-without-field", message, draft.at));
            }
            sort(draft, keys)
        }
        Operator::Timeslice { slice, name } => timeslice::lower(draft, slice, name.as_ref()),
        Operator::Top { number, fields, by } => {
            let number = draft.most_rows(number);
            top(draft, number, fields, by.clone())
        }
        Operator::TopK { number, fields, by } => {
            let number = draft.most_rows(number);
            topk(draft, number, fields, by)
        }
        Operator::Sessionize(parts) => sessionize::lower(draft, parts),
        Operator::Trace(operator) => trace::lower(draft, operator),
        Operator::Transaction(operator) => transactions::transaction(draft, operator),
        Operator::Transactionize(operator) => transactions::transactionize(draft, operator),
        Operator::Transpose(operator) => transpose::lower(draft, operator),
        Operator::Where(expression) => {
            let condition = condition(draft, expression)?;
            drop_unanswered(draft)?;
            draft.filter(condition)
        }
        Operator::Window(operator) => window::lower(draft, operator),
        Operator::WithTime { field, name } => with_time(draft, field, name.as_ref()),
    }
}

/// Drops the rows for which a function of the operator has no answer and that Sumo Logic drops for that.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isprivateip/>
fn drop_unanswered(draft: &mut Draft<'_>) -> Result<(), Diagnostic> {
    match all_of(std::mem::take(&mut draft.answered)) {
        Some(answered) => draft.filter(answered),
        None => Ok(()),
    }
}

/// The first rows in their order.
fn limit(draft: &mut Draft<'_>, number: Option<usize>) -> Result<(), Diagnostic> {
    if number.is_none() {
        return Ok(());
    }
    let sort = draft.sort_keys();
    draft.replan(|builder| builder.sort_with_limit(sort, number))
}

fn groups(draft: &mut Draft<'_>, calls: &[AggregateCall], keys: &[Key]) -> Result<(), Diagnostic> {
    let key = |key: &Key| {
        draft.doubt_key(&key.value);
        let value = value(draft, &key.value)?;
        let label = match (&key.name, &key.value) {
            // The field's own spelling, whatever the query's.
            (None, Expression::Field(name)) => {
                draft.field(&name.text).map_or_else(|| draft.spelling(&name.text), |field| field.name.clone())
            }
            _ => key.label(),
        };
        Ok((label, value))
    };
    let keys = keys.iter().map(key).collect::<Result<_, Diagnostic>>()?;
    let calls = calls.iter().map(|call| call_aggregate(draft, call)).collect::<Result<Vec<_>, _>>()?;
    drop_unanswered(draft)?;
    aggregate(draft, keys, calls.into_iter().flatten().collect())
}

/// As many rows as Sumo Logic gives of `count_frequent`.
const MOST_FREQUENT: usize = 10_000;

fn count_frequent(draft: &mut Draft<'_>, fields: &[Key]) -> Result<(), Diagnostic> {
    let key = |key: &Key| Ok((key.label(), value(draft, &key.value)?));
    let keys = fields.iter().map(key).collect::<Result<_, Diagnostic>>()?;
    aggregate(draft, keys, vec![count_rows("_approxcount")])?;
    draft.sort_by(vec![Order { column: "_approxcount".into(), ascending: false }]);
    limit(draft, Some(MOST_FREQUENT))
}

fn assignment(draft: &mut Draft<'_>, expression: &Expression, name: Option<&Name>) -> Result<(), Diagnostic> {
    let computed = value(draft, expression)?;
    drop_unanswered(draft)?;
    let target = match (name, expression) {
        (Some(name), _) => name.clone(),
        (None, Expression::Call(function, arguments, place)) => match arguments.first() {
            Some(Expression::Field(name)) if FUNCTIONS.find(&function.text).is_some() => name.clone(),
            _ => Name::implied(format!("_{}", function.text.to_lowercase()), *place),
        },
        // The vendor's own apps have a condition as an operator of its own, of which nothing is kept.
        (None, other) if computed.kind == Kind::Boolean => {
            let message = "this condition is given no name: no row is dropped for it, and nothing is kept of it";
            draft.diagnostics.push(
                Diagnostic::warning("sumo/unnamed-value", message, other.span())
                    .with_help("write `where` before it to drop rows, or `as` and a name behind it"),
            );
            return Ok(());
        }
        (None, other) => return Err(Diagnostic::error("sumo/syntax", "this value is given no name", other.span())),
    };
    draft.set(&target, computed)
}

fn dedup(draft: &mut Draft<'_>, keys: Vec<Expr>, number: u64) -> Result<(), Diagnostic> {
    let order = draft.sort_keys();
    let name = ranked(draft, keys, order)?;
    draft.filter(column(&name).lt_eq(lit(number)))
}

/// A hidden column with the place of each row in its group.
fn ranked(draft: &mut Draft<'_>, groups: Vec<Expr>, order: Vec<SortExpr>) -> Result<String, Diagnostic> {
    let rank = row_number().partition_by(groups).order_by(order).build().map_err(|error| draft.refused(&error))?;
    draft.hide("rank", Typed::new(rank, Kind::Integer))
}

fn dedup_consecutive(draft: &mut Draft<'_>, keys: Vec<Expr>, number: u64) -> Result<(), Diagnostic> {
    if number != 1 {
        let message = "`dedup consecutive` with a number is not supported";
        return Err(Diagnostic::error("sumo/unsupported", message, draft.at));
    }
    let order = draft.sort_keys();
    let (mut same, mut added) = (Vec::new(), Vec::new());
    for key in keys {
        let before = lag(key.clone(), Some(1), None).order_by(order.clone()).build();
        let before = before.map_err(|error| draft.refused(&error))?;
        let name = draft.hidden_name("before");
        same.push(binary_expr(column(&name), Sign::IsNotDistinctFrom, key));
        added.push((name, Role::Hidden, Typed::new(before, Kind::Text)));
    }
    let first = row_number().order_by(order).build().map_err(|error| draft.refused(&error))?;
    let row = draft.hidden_name("row");
    added.push((row.clone(), Role::Hidden, Typed::new(first, Kind::Integer)));
    draft.add(added)?;
    let same = all_of(same).unwrap_or_else(|| lit(false));
    draft.filter(column(&row).eq(lit(1u64)).or(same.is_not_true()))
}

/// Sorts the rows by these keys and then as they were.
fn sort(draft: &mut Draft<'_>, keys: &[SortKey]) -> Result<(), Diagnostic> {
    let mut order = Vec::new();
    for key in keys {
        let value = draft.resolve(&key.name)?;
        let column = match &value.expr {
            Expr::Column(column) => column.name.clone(),
            _ => draft.hide("sort", value)?,
        };
        order.push(Order { column, ascending: key.ascending });
    }
    draft.sort_by(order);
    Ok(())
}

fn top(draft: &mut Draft<'_>, number: Option<usize>, fields: &[Name], mut by: Vec<SortKey>) -> Result<(), Diagnostic> {
    if draft.level == Level::Messages {
        by = top_of_messages(draft, fields, by)?;
    } else {
        for key in &mut by {
            // `by count` is the field of `count`.
            if draft.field(&key.name.text).is_none() && key.name.text.eq_ignore_ascii_case("count") {
                key.name.text = "_count".into();
            }
        }
    }
    sort(draft, &by)?;
    limit(draft, number)?;
    let mut shown = fields.to_vec();
    for key in by {
        if !shown.iter().any(|name| name.key() == key.name.key()) {
            shown.push(key.name);
        }
    }
    draft.allow(&shown)
}

/// Groups the messages by the fields; gives what the groups are sorted by.
fn top_of_messages(draft: &mut Draft<'_>, fields: &[Name], by: Vec<SortKey>) -> Result<Vec<SortKey>, Diagnostic> {
    let mut spelt = |name: &Name| Ok((draft.spelling(&name.text), draft.resolve(name)?));
    let keys = fields.iter().map(&mut spelt).collect::<Result<_, Diagnostic>>()?;
    if by.iter().all(|key| matches!(key.name.key().as_str(), "count" | "_count")) {
        aggregate(draft, keys, vec![count_rows("_count")])?;
        let ascending = by.first().is_some_and(|key| key.ascending);
        return Ok(vec![SortKey { name: Name::implied("_count", Place::default()), ascending }]);
    }
    let values: Vec<(String, Typed)> = by.iter().map(|key| spelt(&key.name)).collect::<Result<_, _>>()?;
    let values = values.into_iter().filter(|(_, value)| value.kind != Kind::Null);
    let greatest =
        |(name, value): (String, Typed)| Aggregated::of_one(name, value.kind, value, |value, _| Ok(max(value)));
    aggregate(draft, keys, values.map(greatest).collect())?;
    Ok(by)
}

fn topk(draft: &mut Draft<'_>, number: Option<usize>, fields: &[Name], by: &[Name]) -> Result<(), Diagnostic> {
    let mut order: Vec<_> = draft.values(fields)?.into_iter().map(|value| value.sort(false, false)).collect();
    order.extend(draft.sort_keys());
    let groups = draft.values(by)?;
    let hidden = ranked(draft, groups, order)?;
    let rank = Typed::new(cast(column(&hidden), DataType::Int64), Kind::Integer);
    draft.add(vec![("_rank".into(), Role::Field, rank)])?;
    if let Some(number) = number {
        draft.filter(column("_rank").lt_eq(lit(i64::try_from(number).unwrap_or(i64::MAX))))?;
    }
    let rank = Name::implied("_rank", Place::default());
    let keys = by.iter().chain([&rank]).map(|name| SortKey { name: name.clone(), ascending: true });
    sort(draft, &keys.collect::<Vec<_>>())
}

fn with_time(draft: &mut Draft<'_>, field: &Name, name: Option<&Name>) -> Result<(), Diagnostic> {
    let time = match draft.level {
        Level::Messages => draft.scanned("_messageTime"),
        Level::Groups => {
            let time = ["_messagetime", "_timeslice"].into_iter().find(|time| draft.field(time).is_some());
            draft.resolve(&Name::implied(time.unwrap_or("_messagetime"), field.place))?
        }
    };
    let value = draft.resolve(field)?.to(Kind::Text).expr;
    let pair = call(ValueFunction::WithTime, vec![value, time.to(Kind::Integer).expr]);
    let own = || Name::implied(format!("{}_withtime", field.text), field.place);
    draft.set(&name.cloned().unwrap_or_else(own), Typed::new(pair, Kind::Text))
}
