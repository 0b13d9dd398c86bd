//! From a plan's rows back to the events behind them.
//!
//! [`trace`] rewrites a plan so that every row carries the ids of its events in one more column, a list:
//! an event's own id at the scan, kept by filters, sorts and projections, put together by aggregates and
//! joins. An event is behind a result if it is in a row, or in a group, that survives to the result.
use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, UInt64Array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, UInt64Type};
use datafusion::common::{Column, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    Accumulator, Aggregate, ColumnarValue, Distinct, ExprFunctionExt, Join, JoinType, LogicalPlan, LogicalPlanBuilder,
    ScalarFunctionArgs, Union, WindowFunctionDefinition,
};
use datafusion::prelude::Expr;
use mynah_event::EventId;
use mynah_kernels::{Aggregate as AggregateFunction, Code, Function, Resources, aggregate, call};
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The column that [`trace`] adds, last of all.
const EVENTS: &str = "__events";

fn list_type() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::UInt64, true)))
}

/// The plan whose single column is the list of event ids behind each row of `plan`.
pub(crate) fn events_plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    LogicalPlanBuilder::from(trace(plan)?).project([events_column()])?.build()
}

/// The plan whose rows end in the list of event ids behind them.
pub(crate) fn traced_plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    trace(plan)
}

/// The rows of one batch of a [`traced_plan`] without the lists, and the lists.
pub(crate) fn split(batch: RecordBatch) -> Result<(RecordBatch, Vec<BTreeSet<EventId>>)> {
    let last = batch.num_columns().saturating_sub(1);
    let events = batch.columns().get(last).map(|column| {
        let lists = column.as_list::<i32>();
        let ids = |list: Option<ArrayRef>| {
            list.map(|list| list.as_primitive::<UInt64Type>().iter().flatten().map(EventId).collect())
        };
        lists.iter().map(|list| ids(list).unwrap_or_default()).collect()
    });
    let kept: Vec<usize> = (0..last).collect();
    Ok((batch.project(&kept)?, events.unwrap_or_default()))
}

/// Adds the ids of one batch of an [`events_plan`] to a set.
pub(crate) fn collect(batch: &RecordBatch, into: &mut BTreeSet<EventId>) -> Result<()> {
    let Some(column) = batch.columns().first() else { return Ok(()) };
    let lists = column.as_list::<i32>();
    for list in lists.iter().flatten() {
        into.extend(list.as_primitive::<UInt64Type>().iter().flatten().map(EventId));
    }
    Ok(())
}

fn events_column() -> Expr {
    Expr::Column(Column::from_name(EVENTS))
}

/// All ids of the events behind a group's rows.
fn merged_events() -> Expr {
    aggregate(MergeEvents, vec![events_column()])
}

/// The plan with the column [`EVENTS`] behind its own.
fn trace(plan: LogicalPlan) -> Result<LogicalPlan> {
    let own: Vec<Expr> = plan
        .schema()
        .iter()
        .map(|(qualifier, field)| Expr::Column(Column::new(qualifier.cloned(), field.name())))
        .collect();
    let together = mynah_kernels::together(&plan).map(|column| Expr::Column(Column::from_name(column)));
    let traced = match plan {
        LogicalPlan::TableScan(scan) => {
            let id = scan
                .projected_schema
                .iter()
                .find(|(_, field)| field.name() == EVENT_ID)
                .map(|(q, f)| Column::new(q.cloned(), f.name()));
            let Some(id) = id else { return plan_err!("a scan without {EVENT_ID} cannot be traced") };
            let events = call(ToList, vec![Expr::Column(id)]).alias(EVENTS);
            return LogicalPlanBuilder::from(LogicalPlan::TableScan(scan))
                .project(own.into_iter().chain([events]))?
                .build();
        }
        LogicalPlan::EmptyRelation(_) | LogicalPlan::Values(_) => {
            let none = Expr::Literal(ScalarValue::try_from(&list_type())?, None).alias(EVENTS);
            return LogicalPlanBuilder::from(plan).project(own.into_iter().chain([none]))?.build();
        }
        LogicalPlan::Projection(projection) => {
            let input = trace(Arc::unwrap_or_clone(projection.input))?;
            return LogicalPlanBuilder::from(input)
                .project(projection.expr.into_iter().chain([events_column()]))?
                .build();
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let input = trace(Arc::unwrap_or_clone(alias.input))?;
            LogicalPlanBuilder::from(input).alias(alias.alias)?.build()?
        }
        LogicalPlan::Aggregate(aggregate) => {
            let input = trace(Arc::unwrap_or_clone(aggregate.input))?;
            let calls = aggregate.aggr_expr.into_iter().chain([merged_events().alias(EVENTS)]).collect();
            LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), aggregate.group_expr, calls)?)
        }
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let input = trace(Arc::unwrap_or_clone(input))?;
            LogicalPlanBuilder::from(input).aggregate(own.clone(), [merged_events().alias(EVENTS)])?.build()?
        }
        LogicalPlan::Union(union) => return trace_union(union),
        LogicalPlan::Join(join) if matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti) => {
            let left = trace(Arc::unwrap_or_clone(join.left.clone()))?;
            let right = Arc::unwrap_or_clone(join.right.clone());
            let expressions = LogicalPlan::Join(join.clone()).expressions();
            LogicalPlan::Join(join).with_new_exprs(expressions, vec![left, right])?
        }
        LogicalPlan::Join(join) => return trace_join(join, own),
        other if let Some(together) = together => return trace_together(&other, own, together),
        other => {
            let inputs: Vec<LogicalPlan> = other.inputs().into_iter().cloned().map(trace).collect::<Result<_>>()?;
            if inputs.len() != 1 {
                return plan_err!("the events behind {} cannot be told", other.display());
            }
            let expressions = other.expressions();
            other.with_new_exprs(expressions, inputs)?
        }
    };
    // Where the node put the column elsewhere than last, or under a qualifier, it is brought into place.
    let events = traced
        .schema()
        .iter()
        .find(|(_, field)| field.name() == EVENTS)
        .map(|(q, f)| Column::new(q.cloned(), f.name()));
    let Some(events) = events else { return plan_err!("the events were lost on the way") };
    LogicalPlanBuilder::from(traced).project(own.into_iter().chain([Expr::Column(events).alias(EVENTS)]))?.build()
}

fn trace_union(union: Union) -> Result<LogicalPlan> {
    let mut inputs = union.inputs.into_iter().map(|input| trace(Arc::unwrap_or_clone(input)));
    let Some(first) = inputs.next() else { return plan_err!("a union of nothing") };
    let mut builder = LogicalPlanBuilder::from(first?);
    for input in inputs {
        builder = builder.union(input?)?;
    }
    // The names of the union are those of its first input, unqualified.
    let united = builder.build()?;
    let columns = united.schema().columns();
    LogicalPlanBuilder::from(united).project(columns.into_iter().map(Expr::Column))?.build()
}

/// The events of both sides, behind the join's `own` columns.
fn trace_join(join: Join, own: Vec<Expr>) -> Result<LogicalPlan> {
    let left = trace(Arc::unwrap_or_clone(join.left.clone()))?;
    let right = trace(Arc::unwrap_or_clone(join.right.clone()))?;
    let (left, left_name) = rename_events(left, "__events_left")?;
    let (right, right_name) = rename_events(right, "__events_right")?;
    let expressions = LogicalPlan::Join(join.clone()).expressions();
    let joined = LogicalPlan::Join(join).with_new_exprs(expressions, vec![left, right])?;
    let both = call(ToList, vec![left_name, right_name]).alias(EVENTS);
    LogicalPlanBuilder::from(joined).project(own.into_iter().chain([both]))?.build()
}

/// The events of all rows that belong together by a column, behind the `own` columns of an operator over all rows.
fn trace_together(operator: &LogicalPlan, own: Vec<Expr>, together: Expr) -> Result<LogicalPlan> {
    let inputs: Vec<LogicalPlan> = operator.inputs().into_iter().cloned().map(trace).collect::<Result<_>>()?;
    let traced = operator.with_new_exprs(Vec::new(), inputs)?;
    let Expr::AggregateFunction(merge) = merged_events() else {
        return plan_err!("an aggregate is called as one");
    };
    let merged = WindowFunction::new(WindowFunctionDefinition::AggregateUDF(merge.func), merge.params.args);
    let merged = Expr::from(merged).partition_by(vec![together]).build()?.alias("__events_together");
    let all = Expr::Column(Column::from_name("__events_together")).alias(EVENTS);
    LogicalPlanBuilder::from(traced).window([merged])?.project(own.into_iter().chain([all]))?.build()
}

fn rename_events(plan: LogicalPlan, name: &str) -> Result<(LogicalPlan, Expr)> {
    let columns: Vec<Expr> = plan
        .schema()
        .iter()
        .map(|(qualifier, field)| {
            let column = Expr::Column(Column::new(qualifier.cloned(), field.name()));
            if field.name() == EVENTS { column.alias(name) } else { column }
        })
        .collect();
    Ok((LogicalPlanBuilder::from(plan).project(columns)?.build()?, Expr::Column(Column::from_name(name))))
}

/// Ids and lists of ids, put together in one list.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ToList;

impl Function for ToList {
    const NAME: &'static str = "engine.events";

    fn returns(&self) -> DataType {
        list_type()
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(Code::columns(lists))
    }
}

fn lists(args: ScalarFunctionArgs) -> Result<ColumnarValue> {
    let columns = args.args.iter().map(|arg| arg.to_array(args.number_rows)).collect::<Result<Vec<ArrayRef>>>()?;
    let mut ids: Vec<u64> = Vec::new();
    let mut lengths = Vec::with_capacity(args.number_rows);
    for row in 0..args.number_rows {
        let before = ids.len();
        for column in columns.iter().filter(|column| !column.is_null(row)) {
            match column.data_type() {
                DataType::UInt64 => ids.push(column.as_primitive::<UInt64Type>().value(row)),
                DataType::List(_) => {
                    ids.extend(column.as_list::<i32>().value(row).as_primitive::<UInt64Type>().iter().flatten())
                }
                DataType::Null => {}
                other => return exec_err!("ids of events are no {other}"),
            }
        }
        lengths.push(ids.len() - before);
    }
    Ok(ColumnarValue::Array(Arc::new(list_array(ids, lengths)?)))
}

fn list_array(ids: Vec<u64>, lengths: Vec<usize>) -> Result<ListArray> {
    let field = Arc::new(Field::new_list_field(DataType::UInt64, true));
    Ok(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), Arc::new(UInt64Array::from(ids)), None)?)
}

/// All ids of a group's rows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MergeEvents;

impl AggregateFunction for MergeEvents {
    const NAME: &'static str = "engine.merge_events";

    fn returns(&self) -> DataType {
        list_type()
    }

    fn state(&self) -> Vec<DataType> {
        vec![list_type()]
    }

    fn accumulator(&self, _: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Merged(Vec::new())))
    }
}

#[derive(Debug)]
struct Merged(Vec<u64>);

impl Merged {
    fn list(&mut self) -> Result<ScalarValue> {
        let ids = std::mem::take(&mut self.0);
        let length = ids.len();
        Ok(ScalarValue::List(Arc::new(list_array(ids, vec![length])?)))
    }
}

impl Accumulator for Merged {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for list in values.iter().filter_map(|values| values.as_list_opt::<i32>()).flat_map(ListArray::iter).flatten() {
            self.0.extend(list.as_primitive::<UInt64Type>().iter().flatten());
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.list()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.list()?])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.capacity() * size_of::<u64>()
    }
}
