//! Many rules in one pass: which events fulfil the conditions of each.
//!
//! A rule whose rows are single events is no more than its conditions. Those that many rules share (a log source, a
//! category) are tested first, in a tree: behind a condition there are only the events that fulfil it and the rules that
//! ask for it, so that an event meets the rules of its own kind, and a condition is tested once for all of them.
use crate::engine::Engine;
use crate::error::EngineError;
use crate::execution::Query;
use crate::gathered::{self, Columns, Gathered, GatheredColumns};
use datafusion::arrow::array::{AsArray, RecordBatch, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::utils::{disjunction, split_conjunction};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::prelude::Expr;
use mynah_dialect::{Plan, unmarked};
use mynah_event::EventId;
use mynah_view::{EventScan, ScanColumn};
use selection::Selection;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tree::Tree;

mod selection;
mod tree;

/// The conditions of a query each of whose rows is one event.
#[derive(Debug, Clone)]
pub struct Conditions {
    columns: Vec<ScanColumn>,
    /// All of them must be true.
    all: Vec<Expr>,
}

impl Conditions {
    /// Those of a plan; nothing where its rows are not the events that fulfil some conditions, each for itself and at
    /// any moment.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn of(plan: &LogicalPlan) -> std::result::Result<Option<Conditions>, EngineError> {
        let mut node = &unmarked(plan.clone())?;
        let mut all = Vec::new();
        // What names or orders rows drops none of them; below a condition nothing may be computed that it could mean.
        while let LogicalPlan::Projection(_) | LogicalPlan::Sort(_) | LogicalPlan::SubqueryAlias(_) = node {
            if matches!(node, LogicalPlan::Sort(sort) if sort.fetch.is_some()) || any_unsettled(&node.expressions())? {
                return Ok(None);
            }
            let [input] = node.inputs()[..] else { return Ok(None) };
            node = input;
        }
        while let LogicalPlan::Filter(filter) = node {
            all.extend(split_conjunction(&filter.predicate).into_iter().cloned());
            node = &filter.input;
        }
        let Some((scan, events)) = gathered::event_scan(node) else { return Ok(None) };
        all.extend(scan.filters.iter().flat_map(split_conjunction).cloned());
        if scan.fetch.is_some() || any_unsettled(&all)? {
            return Ok(None);
        }
        Ok(Some(Conditions { columns: events.columns().to_vec(), all }))
    }
}

/// Whether one of these is another thing at another moment, or each time.
fn any_unsettled(expressions: &[Expr]) -> Result<bool> {
    for expression in expressions {
        if expression.is_volatile() || gathered::is_open(expression)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Query<'_> {
    /// Its conditions, as [`Conditions::of`] gives them: nothing for a query that needs rows to be planned.
    ///
    /// # Errors
    /// Where DataFusion refuses the plan.
    pub fn conditions(&self) -> std::result::Result<Option<Conditions>, EngineError> {
        match self.plan() {
            Plan::Whole(plan) => Conditions::of(plan),
            Plan::Stage(_) => Ok(None),
        }
    }
}

/// What many rules found.
#[derive(Debug)]
pub struct Matched {
    /// The events of each rule, in the order of the rules; or why its conditions cannot be tested.
    pub rules: Vec<std::result::Result<BTreeSet<EventId>, String>>,
    /// The events that any rule found, with the columns that were asked for.
    pub events: Gathered,
}

/// Rules with their conditions, each condition once.
#[derive(Debug)]
struct Rules {
    conditions: Vec<Condition>,
    tree: Tree,
    count: usize,
    /// How many columns are kept of an event that is found: those at the beginning.
    kept: usize,
}

/// A condition and the columns that it reads.
#[derive(Debug)]
struct Condition {
    predicate: Expr,
    columns: Vec<usize>,
    schema: DFSchema,
}

impl Engine {
    /// Reads the data once and tests the conditions of many rules on each event. Of the events that are found, the time and
    /// `extra_columns` are kept.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn match_events(
        &self,
        rules: &[Conditions],
        extra_columns: &[ScanColumn],
    ) -> std::result::Result<Matched, EngineError> {
        let mut columns = Columns::default();
        columns.add(&gathered::time(self.time_column()));
        for column in extra_columns {
            columns.add(column);
        }
        let kept = columns.len();
        let mut conjuncts = Vec::with_capacity(rules.len());
        for rule in rules {
            conjuncts.push(columns.renamed(&rule.columns, rule.all.clone())?);
        }
        let scan = EventScan::new(columns.iter().cloned()).into_plan()?;
        let (conditions, tree) = tree::build(conjuncts);
        let gates: Option<Vec<Expr>> =
            tree.gates().map(|gates| gates.iter().filter_map(|gate| conditions.get(*gate).cloned()).collect());
        let mut builder = LogicalPlanBuilder::from(scan.clone());
        if let Some(gate) = gates.and_then(disjunction) {
            builder = builder.filter(gate)?;
        }
        let conditions = conditions.into_iter().map(|predicate| Condition::new(predicate, scan.schema()));
        let conditions = conditions.collect::<Result<Vec<_>>>()?;
        let rules = Arc::new(Rules { conditions, tree, count: rules.len(), kept });
        let parts = self.run_parts(builder.build()?, || Pass::new(&rules))?;
        let mut found: Vec<std::result::Result<BTreeSet<EventId>, String>> = Vec::new();
        found.resize_with(rules.count, || Ok(BTreeSet::new()));
        let mut batches = Vec::new();
        for part in parts {
            batches.extend(part.kept);
            for (rule, events) in found.iter_mut().zip(part.found) {
                match (rule, events) {
                    (Ok(rule), Ok(events)) => rule.extend(events),
                    (Err(_), _) => {}
                    (rule, Err(error)) => *rule = Err(error),
                }
            }
        }
        Ok(Matched { rules: found, events: GatheredColumns(columns.first(kept)).with(batches)? })
    }
}

impl Condition {
    fn new(predicate: Expr, scan: &DFSchema) -> Result<Condition> {
        let names: BTreeSet<&str> = predicate.column_refs().iter().map(|column| column.name.as_str()).collect();
        let mut columns = Vec::new();
        let mut fields = Vec::new();
        for (number, (_, field)) in
            scan.iter().enumerate().filter(|(_, (_, field))| names.contains(field.name().as_str()))
        {
            columns.push(number);
            fields.push((None, Arc::clone(field)));
        }
        let schema = DFSchema::new_with_metadata(fields, HashMap::new())?;
        Ok(Condition { predicate, columns, schema })
    }
}

/// One thread's pass over its events.
pub(crate) struct Pass {
    rules: Arc<Rules>,
    /// What tests each condition, made when the first event comes to it.
    tests: Vec<Option<std::result::Result<Arc<dyn PhysicalExpr>, String>>>,
    found: Vec<std::result::Result<Vec<EventId>, String>>,
    kept: Vec<RecordBatch>,
}

impl Pass {
    fn new(rules: &Arc<Rules>) -> Pass {
        let mut found = Vec::new();
        found.resize_with(rules.count, || Ok(Vec::new()));
        let mut tests = Vec::new();
        tests.resize_with(rules.conditions.len(), || None);
        Pass { rules: Arc::clone(rules), tests, found, kept: Vec::new() }
    }

    /// Tests all rules on the events of a batch.
    pub fn see(&mut self, batch: &RecordBatch) -> Result<()> {
        let rules = Arc::clone(&self.rules);
        let mut any = vec![false; batch.num_rows()];
        self.walk(&rules.tree, &Selection::all(batch), &mut any)?;
        let rows: UInt32Array = (0..).zip(&any).filter(|(_, any)| **any).map(|(row, _)| row).collect();
        if !rows.is_empty() {
            // The id of the event is the last column.
            let kept: Vec<usize> = (0..rules.kept).chain([batch.num_columns() - 1]).collect();
            let kept = batch.project(&kept)?;
            let columns = kept.columns().iter().map(|column| take(column, &rows, None));
            self.kept.push(RecordBatch::try_new(kept.schema(), columns.collect::<std::result::Result<_, _>>()?)?);
        }
        Ok(())
    }

    fn walk(&mut self, tree: &Tree, events: &Selection<'_>, any: &mut [bool]) -> Result<()> {
        for rule in &tree.rules {
            self.add(*rule, events, any);
        }
        for (condition, behind) in &tree.branches {
            match self.test(*condition, events)? {
                Ok(fulfilled) if fulfilled.is_empty() => {}
                Ok(fulfilled) => self.walk(behind, &fulfilled, any)?,
                Err(error) => behind.each_rule(&mut |rule| self.fail(rule, &error)),
            }
        }
        for (rule, conditions) in &tree.checks {
            let mut left: Option<Selection<'_>> = None;
            let mut is_fulfilled = true;
            for condition in conditions {
                match self.test(*condition, left.as_ref().unwrap_or(events))? {
                    Ok(fulfilled) if !fulfilled.is_empty() => left = Some(fulfilled),
                    Ok(_) => is_fulfilled = false,
                    Err(error) => {
                        self.fail(*rule, &error);
                        is_fulfilled = false;
                    }
                }
                if !is_fulfilled {
                    break;
                }
            }
            if is_fulfilled {
                self.add(*rule, left.as_ref().unwrap_or(events), any);
            }
        }
        Ok(())
    }

    fn add(&mut self, rule: usize, events: &Selection<'_>, any: &mut [bool]) {
        let Some(Ok(found)) = self.found.get_mut(rule) else { return };
        let ids = events.ids();
        for row in events.rows() {
            let row = row as usize;
            if let Some(any) = any.get_mut(row) {
                *any = true;
                found.push(EventId(ids.value(row)));
            }
        }
    }

    fn fail(&mut self, rule: usize, error: &str) {
        if let Some(found) = self.found.get_mut(rule).filter(|found| found.is_ok()) {
            *found = Err(error.to_owned());
        }
    }

    /// The events of a selection that fulfil a condition. That it cannot be tested is a fault of its rules; only a fault of the
    /// selection itself ends the pass.
    fn test<'b>(
        &mut self,
        number: usize,
        events: &Selection<'b>,
    ) -> Result<std::result::Result<Selection<'b>, String>> {
        let (Some(condition), Some(test)) = (self.rules.conditions.get(number), self.tests.get_mut(number)) else {
            return plan_err!("there is no condition {number}");
        };
        let test = test.get_or_insert_with(|| {
            let (context, properties) = (Default::default(), ExecutionProps::new());
            create_physical_expr(&condition.predicate, &condition.schema, &properties, &context)
                .map_err(|error| error.strip_backtrace())
        });
        let test = match test {
            Ok(test) => test,
            Err(error) => return Ok(Err(error.clone())),
        };
        let batch = events.columns(&condition.columns, Arc::clone(condition.schema.inner()))?;
        let fulfilled = test.evaluate(&batch).and_then(|value| value.into_array(batch.num_rows()));
        match fulfilled {
            Ok(fulfilled) => Ok(Ok(events.narrowed(fulfilled.as_boolean()))),
            Err(error) => Ok(Err(error.strip_backtrace())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit};
    use mynah_dialect::clock;
    use mynah_view::FieldType;

    fn scan() -> LogicalPlanBuilder {
        let column =
            |name: &str| ScanColumn { name: name.to_owned(), field_type: FieldType::TEXT, bindings: Vec::new() };
        LogicalPlanBuilder::from(EventScan::new(["a", "b"].map(column)).into_plan().unwrap())
    }

    fn conditions(plan: LogicalPlanBuilder) -> Option<usize> {
        Conditions::of(&plan.build().unwrap()).unwrap().map(|conditions| conditions.all.len())
    }

    #[test]
    fn rows_that_are_the_events_of_conditions_are_told_from_others() {
        let filtered = || scan().filter(col("a").eq(lit("x")).and(col("b").is_null())).unwrap();
        assert_eq!(conditions(scan()), Some(0));
        assert_eq!(conditions(filtered()), Some(2));
        let sorted = filtered().sort([col("b").sort(true, true)]).unwrap();
        assert_eq!(conditions(sorted.project([col("b").alias("c")]).unwrap()), Some(2));
        // Some of the events, what is made of several, conditions on what is made, and other moments.
        assert_eq!(conditions(filtered().limit(0, Some(3)).unwrap()), None);
        assert_eq!(conditions(filtered().sort_with_limit([col("b").sort(true, true)], Some(3)).unwrap()), None);
        assert_eq!(conditions(filtered().distinct().unwrap()), None);
        let made = scan().project([col("a").alias("c")]).unwrap().filter(col("c").eq(lit("x"))).unwrap();
        assert_eq!(conditions(made), None);
        assert_eq!(conditions(scan().filter(clock::now().gt(lit(5_i64))).unwrap()), None);
    }
}
