//! The operators that are a few lines each, and the way to all others.
use super::Aggregated;
use super::expressions::condition;
use super::{
    Kind, Level, Order, Role, Stage, Typed, ValueFunction, aggregate, extract, fillmissing, lookup, lower as value,
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
pub(super) fn lower(stage: &mut Stage<'_>, operator: &Operator) -> Result<(), Diagnostic> {
    // Only parse operators in a row share what `nodrop` lets pass.
    if !matches!(operator, Operator::ParseAnchor(_) | Operator::ParseRegex(_)) {
        stage.passed = None;
    }
    match operator {
        Operator::Aggregate(operator) => groups(stage, operator),
        Operator::Assignment(operator) => assignment(stage, operator),
        Operator::CountFrequent(keys) => count_frequent(stage, keys),
        Operator::Dedup(operator) if operator.consecutive => dedup_consecutive(stage, operator),
        Operator::Dedup(operator) => dedup(stage, operator),
        Operator::Delimited(operator) => extract::delimited(stage, operator),
        Operator::Fields(fields) if fields.without => {
            stage.deny(&fields.names);
            Ok(())
        }
        Operator::Fields(fields) => stage.allow(&fields.names),
        Operator::FillMissing(operator) => fillmissing::lower(stage, operator),
        Operator::Json(operator) => extract::json(stage, operator),
        Operator::KeyValue(operator) => extract::key_value(stage, operator),
        Operator::Limit(number) => {
            let number = stage.number(number)?;
            limit(stage, number)
        }
        Operator::Lookup(operator) => lookup::lower(stage, operator),
        Operator::ParseAnchor(all) => all.iter().try_for_each(|parse| extract::anchor(stage, parse)),
        Operator::ParseRegex(all) => all.iter().try_for_each(|parse| extract::regex(stage, parse)),
        Operator::ParseXml(operator) => extract::xml(stage, operator),
        Operator::Save(save) => {
            let message = "the rows are not saved: there is no lookup table to write to";
            stage.diagnostics.push(Diagnostic::warning("sumo/save", message, save.place.0));
            Ok(())
        }
        Operator::Sort(keys) => {
            if keys.is_empty() {
                let message = "`sort` without a field changes nothing";
                stage.diagnostics.push(Diagnostic::warning("sumo/sort-without-field", message, stage.at));
            }
            sort(stage, keys)
        }
        Operator::Timeslice(operator) => timeslice::lower(stage, operator),
        Operator::Top(operator) => top(stage, operator),
        Operator::TopK(operator) => topk(stage, operator),
        Operator::Transpose(operator) => transpose::lower(stage, operator),
        Operator::Where(expression) => {
            let condition = condition(stage, expression)?;
            stage.filter(condition)
        }
        Operator::Window(operator) => window::lower(stage, operator),
        Operator::WithTime(operator) => with_time(stage, operator),
    }
}

/// The first rows in their order.
fn limit(stage: &mut Stage<'_>, number: usize) -> Result<(), Diagnostic> {
    let sort = stage.sort_keys();
    stage.replan(|builder| builder.sort_with_limit(sort, Some(number)))
}

fn groups(stage: &mut Stage<'_>, operator: &Aggregate) -> Result<(), Diagnostic> {
    let mut keys = Vec::new();
    for key in &operator.keys {
        let value = value(stage, &key.value)?;
        let label = match (&key.name, &key.value) {
            // The field's own spelling, whatever the query's.
            (None, Expression::Field(name)) => {
                stage.field(&name.text).map_or_else(|| stage.spelling(&name.text), |field| field.name.clone())
            }
            _ => key.label(),
        };
        keys.push((label, value));
    }
    let mut calls = Vec::new();
    for call in &operator.calls {
        calls.extend(call_aggregate(stage, call)?);
    }
    aggregate(stage, keys, calls)
}

/// As many rows as Sumo Logic gives of `count_frequent`.
const MOST_FREQUENT: usize = 10_000;

fn count_frequent(stage: &mut Stage<'_>, fields: &[Key]) -> Result<(), Diagnostic> {
    let mut keys = Vec::new();
    for key in fields {
        keys.push((key.label(), value(stage, &key.value)?));
    }
    aggregate(stage, keys, vec![count_rows("_approxcount")])?;
    stage.sort_by(vec![Order { column: "_approxcount".into(), ascending: false }]);
    limit(stage, MOST_FREQUENT)
}

fn assignment(stage: &mut Stage<'_>, operator: &Assignment) -> Result<(), Diagnostic> {
    let computed = value(stage, &operator.value)?;
    let target = match (&operator.name, &operator.value) {
        (Some(name), _) => name.clone(),
        (None, Expression::Call(function, arguments, place)) => match arguments.first() {
            Some(Expression::Field(name)) if FUNCTIONS.find(&function.text).is_some() => name.clone(),
            _ => Name::implied(format!("_{}", function.text.to_lowercase()), *place),
        },
        (None, other) => return Err(Diagnostic::error("sumo/syntax", "this value is given no name", other.span())),
    };
    stage.set(&target, computed)
}

/// The values of several fields.
fn values(stage: &mut Stage<'_>, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
    names.iter().map(|name| Ok(stage.resolve(name)?.expr)).collect()
}

/// What `dedup` compares.
fn dedup_keys(stage: &mut Stage<'_>, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
    if names.is_empty() { Ok(vec![stage.raw().expr]) } else { values(stage, names) }
}

fn dedup(stage: &mut Stage<'_>, operator: &Dedup) -> Result<(), Diagnostic> {
    let keys = dedup_keys(stage, &operator.by)?;
    let number = match operator.number {
        Some(Count::Number(number, _)) => number,
        _ => 1,
    };
    let rank = row_number().partition_by(keys).order_by(stage.sort_keys()).build();
    let rank = rank.map_err(|error| stage.refused(&error))?;
    let name = stage.hide("rank", Typed::new(rank, Kind::Integer))?;
    stage.filter(column(&name).lt_eq(lit(number)))
}

fn dedup_consecutive(stage: &mut Stage<'_>, operator: &Dedup) -> Result<(), Diagnostic> {
    let keys = dedup_keys(stage, &operator.by)?;
    if matches!(operator.number, Some(Count::Number(number, _)) if number != 1) {
        let message = "`dedup consecutive` with a number is not supported";
        return Err(Diagnostic::error("sumo/unsupported", message, stage.at));
    }
    let order = stage.sort_keys();
    let (mut same, mut added) = (Vec::new(), Vec::new());
    for key in keys {
        let before = lag(key.clone(), Some(1), None).order_by(order.clone()).build();
        let before = before.map_err(|error| stage.refused(&error))?;
        let name = stage.hidden_name("before");
        same.push(binary_expr(column(&name), Sign::IsNotDistinctFrom, key));
        added.push((name, Role::Hidden, Typed::new(before, Kind::Text)));
    }
    let first = row_number().order_by(order).build().map_err(|error| stage.refused(&error))?;
    let row = stage.hidden_name("row");
    added.push((row.clone(), Role::Hidden, Typed::new(first, Kind::Integer)));
    stage.add(added)?;
    let same = all_of(same).unwrap_or_else(|| lit(false));
    stage.filter(column(&row).eq(lit(1u64)).or(same.is_not_true()))
}

/// Sorts the rows by these keys and then as they were.
fn sort(stage: &mut Stage<'_>, keys: &[SortKey]) -> Result<(), Diagnostic> {
    let mut order = Vec::new();
    for key in keys {
        let value = stage.resolve(&key.name)?;
        let column = match &value.expr {
            Expr::Column(column) => column.name.clone(),
            _ => stage.hide("sort", value)?,
        };
        order.push(Order { column, ascending: key.ascending });
    }
    stage.sort_by(order);
    Ok(())
}

fn top(stage: &mut Stage<'_>, operator: &Top) -> Result<(), Diagnostic> {
    let number = stage.number(&operator.number)?;
    let mut by = operator.by.clone();
    if stage.level == Level::Messages {
        by = top_of_messages(stage, operator)?;
    } else {
        for key in &mut by {
            // `by count` is the field of `count`.
            if stage.field(&key.name.text).is_none() && key.name.text.eq_ignore_ascii_case("count") {
                key.name.text = "_count".into();
            }
        }
    }
    sort(stage, &by)?;
    limit(stage, number)?;
    let mut shown = operator.fields.clone();
    for key in by {
        if !shown.iter().any(|name| name.key() == key.name.key()) {
            shown.push(key.name);
        }
    }
    stage.allow(&shown)
}

/// Groups the messages by the fields; gives what the groups are sorted by.
fn top_of_messages(stage: &mut Stage<'_>, operator: &Top) -> Result<Vec<SortKey>, Diagnostic> {
    let mut keys = Vec::new();
    for name in &operator.fields {
        keys.push((stage.spelling(&name.text), stage.resolve(name)?));
    }
    if operator.by.iter().all(|key| matches!(key.name.key().as_str(), "count" | "_count")) {
        aggregate(stage, keys, vec![count_rows("_count")])?;
        let ascending = operator.by.first().is_some_and(|key| key.ascending);
        return Ok(vec![SortKey { name: Name::implied("_count", Place::default()), ascending }]);
    }
    let mut calls = Vec::new();
    for key in &operator.by {
        let value = stage.resolve(&key.name)?;
        let name = stage.spelling(&key.name.text);
        if value.kind != Kind::Null {
            calls.push(Aggregated::of_one(name, value.kind, value, |value, _| Ok(max(value))));
        }
    }
    aggregate(stage, keys, calls)?;
    Ok(operator.by.clone())
}

fn topk(stage: &mut Stage<'_>, operator: &TopK) -> Result<(), Diagnostic> {
    let number = stage.number(&operator.number)?;
    let mut order: Vec<_> =
        values(stage, &operator.fields)?.into_iter().map(|value| value.sort(false, false)).collect();
    order.extend(stage.sort_keys());
    let groups = values(stage, &operator.by)?;
    let rank = row_number().partition_by(groups).order_by(order).build().map_err(|error| stage.refused(&error))?;
    let hidden = stage.hide("rank", Typed::new(rank, Kind::Integer))?;
    let rank = Typed::new(cast(column(&hidden), DataType::Int64), Kind::Integer);
    stage.add(vec![("_rank".into(), Role::Field, rank)])?;
    stage.filter(column("_rank").lt_eq(lit(number as i64)))?;
    let rank = Name::implied("_rank", Place::default());
    let keys = operator.by.iter().chain([&rank]).map(|name| SortKey { name: name.clone(), ascending: true });
    sort(stage, &keys.collect::<Vec<_>>())
}

fn with_time(stage: &mut Stage<'_>, operator: &WithTime) -> Result<(), Diagnostic> {
    let time = match stage.level {
        Level::Messages => stage.scanned("_messageTime"),
        Level::Groups => {
            let time = ["_messagetime", "_timeslice"].into_iter().find(|time| stage.field(time).is_some());
            stage.resolve(&Name::implied(time.unwrap_or("_messagetime"), operator.field.place))?
        }
    };
    let value = stage.resolve(&operator.field)?.to(Kind::Text).expr;
    let pair = call(ValueFunction::WithTime, vec![value, time.to(Kind::Integer).expr]);
    let own = || Name::implied(format!("{}_withtime", operator.field.text), operator.field.place);
    stage.set(&operator.name.clone().unwrap_or_else(own), Typed::new(pair, Kind::Text))
}
