//! `filter` and `join`: rows that other operators give of the same rows.
use super::{Draft, Kind, Level, Order, Role, TIME, Typed, ValueFunction, inner_steps};
use crate::ast::{Filter, Join, JoinField, JoinTable, Scope, interval};
use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::call;
use mynah_syntax::Diagnostic;

/// Keeps the rows whose fields are among those of the inner operators' rows.
pub(super) fn filter(draft: &mut Draft<'_>, filter: &Filter) -> Result<(), Diagnostic> {
    let mut child = draft.branch();
    inner_steps(&mut child, &filter.steps);
    let own = tuple(draft, filter)?;
    let wanted = tuple(&mut child, filter);
    if child.broken || child.dynamic {
        draft.heed(child);
        return Ok(());
    }
    let (own_name, wanted_name) = (draft.hidden_name("filter"), "__wanted");
    let wanted = wanted.and_then(|wanted| child.derived(|builder| builder.project([wanted.alias(wanted_name)])))?;
    draft.heed(child);
    draft.add(vec![(own_name.clone(), Role::Hidden, Typed::new(own, Kind::Text))])?;
    let on = (vec![Column::from_name(own_name)], vec![Column::from_name(wanted_name)]);
    draft.replan(|builder| builder.join(wanted, JoinType::LeftSemi, on, None))
}

/// The fields' values as one text.
fn tuple(draft: &mut Draft<'_>, filter: &Filter) -> Result<Expr, Diagnostic> {
    let texts = filter.fields.iter().map(|name| Ok(draft.resolve(name)?.to(Kind::Text).expr));
    Ok(call(ValueFunction::Tuple, texts.collect::<Result<Vec<_>, Diagnostic>>()?))
}

/// A table of a join: its rows, whose columns are called as they will be.
struct Table {
    plan: LogicalPlan,
    columns: Vec<(String, Kind, Role)>,
    order: Vec<Order>,
    tie: String,
    time: Option<String>,
}

pub(super) fn join(draft: &mut Draft<'_>, join: &Join) -> Result<(), Diagnostic> {
    if join.tables.len() < 2 {
        return Err(Diagnostic::error("sumo/join", "`join` puts two or more tables together", draft.at));
    }
    for (left, right) in &join.on {
        for side in [left, right] {
            if position(join, side).is_none() {
                let message = format!("there is no table `{}` in this join", side.table);
                return Err(Diagnostic::error("sumo/join", message, side.field.span()));
            }
        }
    }
    let mut tables = Vec::new();
    for (number, table) in join.tables.iter().enumerate() {
        if let Some(scope) = table.scope.as_ref().filter(|scope| !matches!(scope, Scope::All(_))) {
            let message = "a scope inside `join` is left aside, as Sumo Logic does";
            draft.diagnostics.push(Diagnostic::warning("sumo/join-scope", message, scope.span()));
        }
        tables.push(lower_table(draft, join, table, number)?);
    }
    let mut tables = tables.into_iter().enumerate();
    let Some((_, mut all)) = tables.next() else { return Ok(()) };
    for (number, table) in tables {
        let mut on: (Vec<Column>, Vec<Column>) = Default::default();
        for (index, (left, right)) in join.on.iter().enumerate() {
            let (Some(left), Some(right)) = (position(join, left), position(join, right)) else { continue };
            let (first, second) = (left.min(right), left.max(right));
            if second == number && first < number {
                on.0.push(Column::from_name(key(first, index)));
                on.1.push(Column::from_name(key(second, index)));
            }
        }
        if on.0.is_empty() {
            let message = "no condition behind `on` leads from this table to one before it";
            let place = join.tables.get(number).map(|table| table.name.span()).unwrap_or(draft.at);
            return Err(Diagnostic::error("sumo/join", message, place));
        }
        let joined = LogicalPlanBuilder::from(all.plan)
            .join(table.plan, JoinType::Inner, on, None)
            .and_then(LogicalPlanBuilder::build);
        all.plan = joined.map_err(|error| draft.refused(&error))?;
        all.columns.extend(table.columns);
        all.order.extend(table.order);
        if let (Some((window, place)), Some(before), Some(time)) = (&join.window, &all.time, &table.time) {
            let Some(window) = interval(window) else {
                return Err(Diagnostic::error("sumo/interval", format!("`{window}` is no interval"), place.0));
            };
            let near = (column(before) - column(time)).between(lit(-window), lit(window));
            let filtered = LogicalPlanBuilder::from(all.plan).filter(near).and_then(LogicalPlanBuilder::build);
            all.plan = filtered.map_err(|error| draft.refused(&error))?;
        }
    }
    let same = same_table(join);
    draft.keys.clear();
    draft.regroup(all.plan, all.columns, all.order, &all.tie);
    match all_of(same) {
        Some(same) => draft.filter(same),
        None => Ok(()),
    }
}

/// The number of a side's table.
fn position(join: &Join, side: &JoinField) -> Option<usize> {
    join.tables.iter().position(|table| table.name.text.eq_ignore_ascii_case(&side.table))
}

/// The hidden column with a table's side of a condition.
fn key(table: usize, condition: usize) -> String {
    format!("__on{table}_{condition}")
}

/// Conditions whose sides are of one table.
fn same_table(join: &Join) -> Vec<Expr> {
    let same = |(index, (left, right)): (usize, &(JoinField, JoinField))| {
        let table = position(join, left).filter(|table| position(join, right) == Some(*table))?;
        Some(column(&key(table, index)).eq(column(&format!("{}_2", key(table, index)))))
    };
    join.on.iter().enumerate().filter_map(same).collect()
}

fn lower_table(draft: &mut Draft<'_>, join: &Join, table: &JoinTable, number: usize) -> Result<Table, Diagnostic> {
    let mut child = draft.branch();
    inner_steps(&mut child, &table.steps);
    let prefix = &table.name.text;
    let mut columns: Vec<(String, Kind, Role)> = Vec::new();
    let mut shown: Vec<Expr> = Vec::new();
    let fields: Vec<(String, Kind)> = child.fields().map(|field| (field.name.clone(), field.kind)).collect();
    for (name, kind) in fields {
        let label = format!("{prefix}_{name}");
        shown.push(column(&name).alias(label.as_str()));
        columns.push((label, kind, Role::Field));
    }
    // Fields of the logs that are named behind the join.
    if child.level == Level::Messages {
        let bound: Vec<String> = child.bound.keys().cloned().collect();
        let lower = format!("{}_", prefix.to_lowercase());
        for name in
            bound.iter().filter_map(|name| name.strip_prefix(&lower)).filter(|name| bound.iter().any(|b| b == name))
        {
            let label = format!("{prefix}_{name}");
            if !columns.iter().any(|(known, _, _)| known.eq_ignore_ascii_case(&label)) {
                let value = child.scanned(name);
                columns.push((label.clone(), value.kind, Role::Field));
                shown.push(value.expr.alias(label));
            }
        }
    }
    for (index, (left, right)) in join.on.iter().enumerate() {
        let sides = [left, right].into_iter().filter(|side| position(join, side) == Some(number));
        for (which, side) in sides.enumerate() {
            let value = child.resolve(&side.field)?.to(Kind::Text);
            let name = if which == 0 { key(number, index) } else { format!("{}_2", key(number, index)) };
            let label = format!("{prefix}_{}", side.field.text);
            // A field of the logs, which no operator made.
            if !columns.iter().any(|(known, _, _)| known.eq_ignore_ascii_case(&label)) {
                shown.push(value.expr.clone().alias(label.as_str()));
                columns.push((label, Kind::Text, Role::Field));
            }
            shown.push(value.expr.alias(name.as_str()));
            columns.push((name, Kind::Text, Role::Hidden));
        }
    }
    // Messages join as they come: the oldest first, as the page's results show.
    let as_they_come = child.level == Level::Messages && child.order == draft.order;
    let mut order = Vec::new();
    for (index, by) in child.order.clone().into_iter().enumerate() {
        let name = format!("__order{number}_{index}");
        shown.push(column(&by.column).alias(name.as_str()));
        columns.push((name.clone(), Kind::Integer, Role::Hidden));
        order.push(Order { column: name, ascending: by.ascending || as_they_come });
    }
    let tie = format!("__tie{number}");
    shown.push(column(&child.tie).alias(tie.as_str()));
    columns.push((tie.clone(), Kind::Integer, Role::Hidden));
    let time = (child.level == Level::Messages).then(|| format!("__time{number}"));
    if let Some(time) = &time {
        let value = child.scanned(TIME).to(Kind::Integer).expr;
        shown.push(value.alias(time.as_str()));
        columns.push((time.clone(), Kind::Integer, Role::Hidden));
    }
    let plan = child.derived(|builder| builder.project(shown));
    draft.heed(child);
    Ok(Table { plan: plan?, columns, order, tie, time })
}
