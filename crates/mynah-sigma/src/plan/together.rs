//! Many rules over one scan: each event is held against all of them, and is a row for each that finds it.
use super::Planner;
use super::fields::{self, TIME};
use super::functions::RowFunction;
use super::output::{ORDER, Rows, TITLE, projected, slot};
use super::rule::Parts;
use crate::ast::Document;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, Result, TableReference, UnnestOptions};
use datafusion::logical_expr::{Filter, LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::Expr;
use mynah_dialect::{any_of, column};
use mynah_kernels::call;
use mynah_view::{EVENT_ID, EventScan, ScanColumn};
use std::collections::HashMap;
use std::sync::Arc;

/// From so many rules on, one scan for all of them is better than one for each, of which some leave out much unseen.
pub(super) const MANY: usize = 8;

/// The columns of many rules, each once, with where any of the rules has its values from.
#[derive(Default)]
struct Columns {
    columns: Vec<ScanColumn>,
    places: HashMap<String, usize>,
}

impl Columns {
    fn add(&mut self, column: ScanColumn) {
        let Some(known) = self.places.get(&column.name).and_then(|place| self.columns.get_mut(*place)) else {
            self.places.insert(column.name.clone(), self.columns.len());
            self.columns.push(column);
            return;
        };
        for (source, bindings) in column.bindings {
            if !known.bindings.iter().any(|(other, _)| *other == source) {
                known.bindings.push((source, bindings));
            }
        }
    }
}

/// A field that rules show, and which of them.
struct Shown {
    column: ScanColumn,
    rules: Vec<i64>,
}

impl Planner<'_> {
    /// The rows of rules, given with their numbers in the file.
    pub(super) fn together(&mut self, rules: &[(usize, &Document)]) -> Option<Rows> {
        let mut scanned = Columns::default();
        scanned.add(self.resolved(TIME));
        let mut shown: Vec<Shown> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let (mut log_sources, mut conditions, mut complete) = (Vec::new(), Vec::with_capacity(rules.len()), true);
        for (number, document) in rules {
            let Some(Parts { log_source, condition, columns, fields }) = self.parts(document, &[]) else {
                complete = false;
                continue;
            };
            let number = *number as i64;
            conditions.push((number, document.title.node.clone(), log_source.clone().and(condition)));
            log_sources.push(log_source);
            columns.into_iter().for_each(|column| scanned.add(column));
            for field in fields.into_iter().filter(|field| field.name != TIME) {
                let place = *places.entry(field.name.clone()).or_insert(shown.len());
                match shown.get_mut(place) {
                    Some(known) if known.rules.last() == Some(&number) => {}
                    Some(known) => known.rules.push(number),
                    None => shown.push(Shown { column: field, rules: vec![number] }),
                }
            }
        }
        let span = rules.first().map(|(_, document)| document.title.span)?;
        if !complete {
            return None;
        }
        let columns = shown.iter().map(|shown| {
            let ScanColumn { name, field_type, .. } = &shown.column;
            (fields::shown(name), field_type.data_type())
        });
        let columns = columns.collect();
        let plan = self.built(plan(scanned, log_sources, conditions, shown), span)?;
        Some(Rows { title: String::new(), plan, columns })
    }
}

fn plan(
    scanned: Columns,
    log_sources: Vec<Expr>,
    rules: Vec<(i64, String, Expr)>,
    shown: Vec<Shown>,
) -> Result<LogicalPlan> {
    let scan = EventScan::new(scanned.columns).into_plan()?;
    let table = scan.schema().iter().find_map(|(qualifier, _)| qualifier.cloned());
    let of_scan = |name: &str| Expr::Column(Column::new(table.clone(), name));
    let (mut numbers, mut titles, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
    for (number, title, condition) in rules {
        numbers.push(number);
        titles.push(title);
        conditions.push(qualified(condition, table.as_ref())?);
    }
    let mut found = vec![of_scan(TIME).alias(TIME), of_scan(EVENT_ID).alias(EVENT_ID)];
    found.extend(shown.iter().enumerate().map(|(index, shown)| of_scan(&shown.column.name).alias(slot(index))));
    found.push(call(RowFunction::Found { rules: numbers.clone() }, conditions.clone()).alias(ORDER));
    let title = call(RowFunction::Title { rules: numbers.clone(), titles }, vec![column(ORDER)]);
    let mut rows = vec![column(ORDER).alias(ORDER), title.alias(TITLE)];
    rows.extend([column(TIME).alias(TIME), column(EVENT_ID).alias(EVENT_ID)]);
    rows.extend(shown.into_iter().enumerate().map(|(index, Shown { column: scanned, rules })| {
        let value = column(&slot(index));
        // What all rules show needs no look at which one it is.
        let of_all = rules.len() == numbers.len();
        let field_type = scanned.field_type;
        let value =
            if of_all { value } else { call(RowFunction::OfRules { rules, field_type }, vec![column(ORDER), value]) };
        value.alias(slot(index))
    }));
    // The log sources have a filter of their own, so that it can be told when no event is of any of them.
    let mut distinct: Vec<Expr> = Vec::new();
    for log_source in log_sources {
        let log_source = qualified(log_source, table.as_ref())?;
        if !distinct.contains(&log_source) {
            distinct.push(log_source);
        }
    }
    let mut events = scan;
    for any in [any_of(distinct), any_of(conditions)].into_iter().flatten() {
        events = LogicalPlan::Filter(Filter::try_new(any, Arc::new(events))?);
    }
    let each = LogicalPlanBuilder::from(projected(events, found)?)
        .unnest_column_with_options(ORDER, UnnestOptions::new().with_preserve_nulls(false))?
        .build()?;
    projected(each, rows)
}

/// The condition with the scan's columns by their whole names. A builder would look through the plan, with all of the other
/// conditions in it, for each of them.
fn qualified(condition: Expr, table: Option<&TableReference>) -> Result<Expr> {
    let qualify = |part| match part {
        Expr::Column(Column { relation: None, name, .. }) => {
            Ok(Transformed::yes(Expr::Column(Column::new(table.cloned(), name))))
        }
        other => Ok(Transformed::no(other)),
    };
    Ok(condition.transform(qualify)?.data)
}
