//! The operators that are a few lines each, and the way to all others.
use super::Aggregated;
use super::expressions::condition;
use super::{
    Draft, Kind, Level, Order, Role, Typed, ValueFunction, aggregate, extract, fillmissing, lookup, lower as value,
    timeslice, transpose, window,
};
use crate::aggregates::{call_aggregate, count_rows};
use crate::ast::{
    Aggregate, Assignment, Count, Dedup, Expression, Key, Name, Operator, Place, SortKey, Top, TopK, WithTime,
};
use crate::functions::FUNCTIONS;
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::functions_window::expr_fn::{lag, row_number};
use datafusion::logical_expr::{ExprFunctionExt, Operator as Sign, binary_expr, cast, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::call;
use mynah_syntax::Diagnostic;

/// Makes an operator part of the plan.
pub(super) fn lower(draft: &mut Draft<'_>, operator: &Operator) -> Result<(), Diagnostic> {
    // Only parse operators in a row share what `nodrop` lets pass.
    if !matches!(operator, Operator::ParseAnchor(_) | Operator::ParseRegex(_)) {
        draft.passed = None;
    }
    match operator {
        Operator::Aggregate(operator) => groups(draft, operator),
        Operator::Assignment(operator) => assignment(draft, operator),
        Operator::CountFrequent(keys) => count_frequent(draft, keys),
        Operator::Dedup(operator) if operator.consecutive => dedup_consecutive(draft, operator),
        Operator::Dedup(operator) => dedup(draft, operator),
        Operator::Delimited(operator) => extract::delimited(draft, operator),
        Operator::Fields(fields) if fields.without => {
            draft.deny(&fields.names);
            Ok(())
        }
        Operator::Fields(fields) => draft.allow(&fields.names),
        Operator::FillMissing(operator) => fillmissing::lower(draft, operator),
        Operator::Json(operator) => extract::json(draft, operator),
        Operator::KeyValue(operator) => extract::key_value(draft, operator),
        Operator::Limit(number) => {
            let number = draft.number(number)?;
            limit(draft, number)
        }
        Operator::Lookup(operator) => lookup::lower(draft, operator),
        Operator::ParseAnchor(all) => all.iter().try_for_each(|parse| extract::anchor(draft, parse)),
        Operator::ParseRegex(all) => all.iter().try_for_each(|parse| extract::regex(draft, parse)),
        Operator::ParseXml(operator) => extract::xml(draft, operator),
        Operator::Save(save) => {
            let message = "the rows are not saved: there is no lookup table to write to";
            draft.diagnostics.push(Diagnostic::warning("sumo/save", message, save.place.0));
            Ok(())
        }
        Operator::Sort(keys) => {
            if keys.is_empty() {
                let message = "`sort` without a field changes nothing";
                draft.diagnostics.push(Diagnostic::warning("sumo/sort-without-field", message, draft.at));
            }
            sort(draft, keys)
        }
        Operator::Timeslice(operator) => timeslice::lower(draft, operator),
        Operator::Top(operator) => top(draft, operator),
        Operator::TopK(operator) => topk(draft, operator),
        Operator::Transpose(operator) => transpose::lower(draft, operator),
        Operator::Where(expression) => {
            let condition = condition(draft, expression)?;
            draft.filter(condition)
        }
        Operator::Window(operator) => window::lower(draft, operator),
        Operator::WithTime(operator) => with_time(draft, operator),
    }
}

/// The first rows in their order.
fn limit(draft: &mut Draft<'_>, number: usize) -> Result<(), Diagnostic> {
    let sort = draft.sort_keys();
    draft.replan(|builder| builder.sort_with_limit(sort, Some(number)))
}

fn groups(draft: &mut Draft<'_>, operator: &Aggregate) -> Result<(), Diagnostic> {
    let mut keys = Vec::new();
    for key in &operator.keys {
        let value = value(draft, &key.value)?;
        let label = match (&key.name, &key.value) {
            // The field's own spelling, whatever the query's.
            (None, Expression::Field(name)) => {
                draft.field(&name.text).map_or_else(|| draft.spelling(&name.text), |field| field.name.clone())
            }
            _ => key.label(),
        };
        keys.push((label, value));
    }
    let mut calls = Vec::new();
    for call in &operator.calls {
        calls.extend(call_aggregate(draft, call)?);
    }
    aggregate(draft, keys, calls)
}

/// As many rows as Sumo Logic gives of `count_frequent`.
const MOST_FREQUENT: usize = 10_000;

fn count_frequent(draft: &mut Draft<'_>, fields: &[Key]) -> Result<(), Diagnostic> {
    let mut keys = Vec::new();
    for key in fields {
        keys.push((key.label(), value(draft, &key.value)?));
    }
    aggregate(draft, keys, vec![count_rows("_approxcount")])?;
    draft.sort_by(vec![Order { column: "_approxcount".into(), ascending: false }]);
    limit(draft, MOST_FREQUENT)
}

fn assignment(draft: &mut Draft<'_>, operator: &Assignment) -> Result<(), Diagnostic> {
    let computed = value(draft, &operator.value)?;
    let target = match (&operator.name, &operator.value) {
        (Some(name), _) => name.clone(),
        (None, Expression::Call(function, arguments, place)) => match arguments.first() {
            Some(Expression::Field(name)) if FUNCTIONS.find(&function.text).is_some() => name.clone(),
            _ => Name::implied(format!("_{}", function.text.to_lowercase()), *place),
        },
        (None, other) => return Err(Diagnostic::error("sumo/syntax", "this value is given no name", other.span())),
    };
    draft.set(&target, computed)
}

/// The values of several fields.
fn values(draft: &mut Draft<'_>, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
    names.iter().map(|name| Ok(draft.resolve(name)?.expr)).collect()
}

/// What `dedup` compares.
fn dedup_keys(draft: &mut Draft<'_>, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
    if names.is_empty() { Ok(vec![draft.raw().expr]) } else { values(draft, names) }
}

fn dedup(draft: &mut Draft<'_>, operator: &Dedup) -> Result<(), Diagnostic> {
    let keys = dedup_keys(draft, &operator.by)?;
    let number = match operator.number {
        Some(Count::Number(number, _)) => number,
        _ => 1,
    };
    let rank = row_number().partition_by(keys).order_by(draft.sort_keys()).build();
    let rank = rank.map_err(|error| draft.refused(&error))?;
    let name = draft.hide("rank", Typed::new(rank, Kind::Integer))?;
    draft.filter(column(&name).lt_eq(lit(number)))
}

fn dedup_consecutive(draft: &mut Draft<'_>, operator: &Dedup) -> Result<(), Diagnostic> {
    let keys = dedup_keys(draft, &operator.by)?;
    if matches!(operator.number, Some(Count::Number(number, _)) if number != 1) {
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

fn top(draft: &mut Draft<'_>, operator: &Top) -> Result<(), Diagnostic> {
    let number = draft.number(&operator.number)?;
    let mut by = operator.by.clone();
    if draft.level == Level::Messages {
        by = top_of_messages(draft, operator)?;
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
    let mut shown = operator.fields.clone();
    for key in by {
        if !shown.iter().any(|name| name.key() == key.name.key()) {
            shown.push(key.name);
        }
    }
    draft.allow(&shown)
}

/// Groups the messages by the fields; gives what the groups are sorted by.
fn top_of_messages(draft: &mut Draft<'_>, operator: &Top) -> Result<Vec<SortKey>, Diagnostic> {
    let mut keys = Vec::new();
    for name in &operator.fields {
        keys.push((draft.spelling(&name.text), draft.resolve(name)?));
    }
    if operator.by.iter().all(|key| matches!(key.name.key().as_str(), "count" | "_count")) {
        aggregate(draft, keys, vec![count_rows("_count")])?;
        let ascending = operator.by.first().is_some_and(|key| key.ascending);
        return Ok(vec![SortKey { name: Name::implied("_count", Place::default()), ascending }]);
    }
    let mut calls = Vec::new();
    for key in &operator.by {
        let value = draft.resolve(&key.name)?;
        let name = draft.spelling(&key.name.text);
        if value.kind != Kind::Null {
            calls.push(Aggregated::of_one(name, value.kind, value, |value, _| Ok(max(value))));
        }
    }
    aggregate(draft, keys, calls)?;
    Ok(operator.by.clone())
}

fn topk(draft: &mut Draft<'_>, operator: &TopK) -> Result<(), Diagnostic> {
    let number = draft.number(&operator.number)?;
    let mut order: Vec<_> =
        values(draft, &operator.fields)?.into_iter().map(|value| value.sort(false, false)).collect();
    order.extend(draft.sort_keys());
    let groups = values(draft, &operator.by)?;
    let rank = row_number().partition_by(groups).order_by(order).build().map_err(|error| draft.refused(&error))?;
    let hidden = draft.hide("rank", Typed::new(rank, Kind::Integer))?;
    let rank = Typed::new(cast(column(&hidden), DataType::Int64), Kind::Integer);
    draft.add(vec![("_rank".into(), Role::Field, rank)])?;
    draft.filter(column("_rank").lt_eq(lit(number as i64)))?;
    let rank = Name::implied("_rank", Place::default());
    let keys = operator.by.iter().chain([&rank]).map(|name| SortKey { name: name.clone(), ascending: true });
    sort(draft, &keys.collect::<Vec<_>>())
}

fn with_time(draft: &mut Draft<'_>, operator: &WithTime) -> Result<(), Diagnostic> {
    let time = match draft.level {
        Level::Messages => draft.scanned("_messageTime"),
        Level::Groups => {
            let time = ["_messagetime", "_timeslice"].into_iter().find(|time| draft.field(time).is_some());
            draft.resolve(&Name::implied(time.unwrap_or("_messagetime"), operator.field.place))?
        }
    };
    let value = draft.resolve(&operator.field)?.to(Kind::Text).expr;
    let pair = call(ValueFunction::WithTime, vec![value, time.to(Kind::Integer).expr]);
    let own = || Name::implied(format!("{}_withtime", operator.field.text), operator.field.place);
    draft.set(&operator.name.clone().unwrap_or_else(own), Typed::new(pair, Kind::Text))
}
