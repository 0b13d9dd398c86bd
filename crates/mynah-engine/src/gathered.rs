use crate::error::EngineError;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::interleave_record_batch;
use datafusion::arrow::datatypes::{Int64Type, SchemaRef, UInt64Type};
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result, plan_err};
use datafusion::datasource::MemTable;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{LogicalPlan, TableScan, TableSource};
use datafusion::prelude::Expr;
use mynah_event::{EventId, Timestamp};
use mynah_view::{Binding, EVENT_ID, EventScan, FieldType, Meta, Origin, Reach, ScanColumn};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Events that several plans want, read in one pass, with the columns that these plans need.
///
/// It holds at least every event that one of the plans can be made of, whatever the time that a plan asks for:
/// what their filters say of time was left aside. So the same plans, or the same queries planned for another moment, can
/// be run on a stretch of it ([`Gathered::place`]), any number of times.
#[derive(Debug)]
pub struct Gathered {
    columns: Columns,
    batches: Vec<RecordBatch>,
}

/// A plan whose events are gathered.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The plan, with or without its moment.
    pub plan: LogicalPlan,
    /// Whether its filters tell which events it can be made of. Not where they hold what an earlier stage found: at another
    /// moment that is something else.
    pub filtered: bool,
}

/// The name of the column with each event's time.
const TIME: &str = "time";

/// The columns of several scans: those that read the same values are one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    columns: Vec<ScanColumn>,
    by_content: HashMap<(FieldType, ScanColumn), usize>,
    /// By the names that they have here, those that the scans gave them whose conditions or plans ask for them.
    asked: HashMap<String, String>,
}

impl Columns {
    /// The number of the column with this content, added if it is new.
    pub fn add(&mut self, column: &ScanColumn) -> usize {
        let number = self.columns.len();
        let found = *self.by_content.entry(Columns::content(column)).or_insert(number);
        if found == number {
            self.columns.push(ScanColumn { name: format!("c{number}"), ..column.clone() });
        }
        found
    }

    pub fn all(&self) -> &[ScanColumn] {
        &self.columns
    }

    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Conditions over the columns of a scan, over these instead; those that are new are added.
    pub fn renamed(&mut self, scan: &[ScanColumn], conditions: Vec<Expr>) -> Result<Vec<Expr>> {
        let numbers: HashMap<&str, usize> =
            scan.iter().map(|column| (column.name.as_str(), self.add(column))).collect();
        self.asked.extend(numbers.iter().map(|(name, number)| (format!("c{number}"), (*name).to_owned())));
        let rename = |expression| match expression {
            Expr::Column(column) => match numbers.get(column.name.as_str()) {
                Some(number) => Ok(Transformed::yes(Expr::Column(Column::from_name(format!("c{number}"))))),
                None => plan_err!("a condition names {}, which its scan does not have", column.name),
            },
            other => Ok(Transformed::no(other)),
        };
        conditions.into_iter().map(|condition| Ok(condition.transform(rename)?.data)).collect()
    }

    /// The name that a scan gave one of these which it asked for.
    pub fn asked_as(&self, name: &str) -> Option<&str> {
        self.asked.get(name).map(String::as_str)
    }

    fn find(&self, column: &ScanColumn) -> Option<usize> {
        self.by_content.get(&Columns::content(column)).copied()
    }

    fn content(column: &ScanColumn) -> (FieldType, ScanColumn) {
        (column.field_type, ScanColumn { name: String::new(), ..column.clone() })
    }
}

/// What scans demand of events.
pub(crate) struct Demand {
    /// All of these must be true.
    pub all: Vec<Expr>,
    /// The numbers of the plans whose scans these are.
    pub plans: Vec<usize>,
}

/// What each scan of some plans demands of events, as conjunctions over the columns, to which those of the plans are added. A
/// scan that demands nothing wants all of them.
pub(crate) fn demands(wanted: &[Wanted], columns: &mut Columns) -> Result<Vec<Demand>> {
    let mut demands: Vec<Demand> = Vec::new();
    for (number, Wanted { plan, filtered }) in wanted.iter().enumerate() {
        plan.apply_with_subqueries(|node| {
            if let Some((scan, events)) = event_scan(node) {
                let demanded = demanded_by(scan, events, columns)?;
                let all = if *filtered { demanded } else { Vec::new() };
                match demands.iter_mut().find(|demand| demand.all == all) {
                    Some(known) => known.plans.push(number),
                    None => demands.push(Demand { all, plans: vec![number] }),
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    Ok(demands)
}

/// Adds the columns of all scans of some plans.
pub(crate) fn add_columns(wanted: &[Wanted], columns: &mut Columns) -> Result<()> {
    for Wanted { plan, .. } in wanted {
        plan.apply_with_subqueries(|node| {
            for column in event_scan(node).into_iter().flat_map(|(_, events)| events.columns()) {
                columns.add(column);
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    Ok(())
}

/// Columns of events, until their rows are there.
pub(crate) struct GatheredColumns(pub Columns);

impl GatheredColumns {
    /// With their rows, which are put in the order of time so that a stretch of it is a slice of each batch. Batches are mixed
    /// without being joined first: rows are in memory twice, not three times.
    pub fn with(self, batches: Vec<RecordBatch>) -> Result<Gathered> {
        let mut order: Vec<(Option<i64>, u32, u32)> =
            Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for (number, batch) in (0_u32..).zip(&batches) {
            let Some(times) = batch.columns().first() else { continue };
            // A batch has some thousand rows.
            order.extend(times.as_primitive::<Int64Type>().iter().zip(0_u32..).map(|(time, row)| (time, number, row)));
        }
        order.sort_unstable();
        let all: Vec<&RecordBatch> = batches.iter().collect();
        let mixed = order.chunks(MIXED).map(|rows| {
            let rows: Vec<(usize, usize)> =
                rows.iter().map(|(_, batch, row)| (*batch as usize, *row as usize)).collect();
            Ok(interleave_record_batch(&all, &rows)?)
        });
        Ok(Gathered { columns: self.0, batches: mixed.collect::<Result<Vec<_>>>()? })
    }
}

/// How many rows a batch has when its rows are in order.
const MIXED: usize = 8192;

pub(crate) fn event_scan(node: &LogicalPlan) -> Option<(&TableScan, &EventScan)> {
    let LogicalPlan::TableScan(scan) = node else { return None };
    let source: &dyn std::any::Any = scan.source.as_ref();
    Some((scan, source.downcast_ref::<EventScan>()?))
}

/// Whether an expression is another thing at another moment: what a subquery or the clock decides.
pub(crate) fn is_open(expression: &Expr) -> Result<bool> {
    expression.exists(|part| {
        let is_subquery = matches!(part, Expr::InSubquery(_) | Expr::Exists(_) | Expr::ScalarSubquery(_));
        Ok(is_subquery || matches!(part, Expr::Placeholder(_)))
    })
}

/// What one scan's filter demands of events, time aside.
fn demanded_by(scan: &TableScan, events: &EventScan, columns: &mut Columns) -> Result<Vec<Expr>> {
    let demands = settled(events, &scan.filters)?;
    columns.renamed(events.columns(), demands)
}

/// Whether a scan's filters demand anything of events, time aside.
pub(crate) fn is_selective(events: &EventScan, filters: &[Expr]) -> bool {
    settled(events, filters).is_ok_and(|demands| !demands.is_empty())
}

/// The filters of a scan that are the same at any moment.
fn settled(events: &EventScan, filters: &[Expr]) -> Result<Vec<Expr>> {
    let is_time = |binding: &Binding| binding.origin == Origin::Meta(Meta::Time);
    let of_time = |column: &&ScanColumn| column.bindings.iter().any(|(_, bindings)| bindings.iter().any(is_time));
    let of_time: BTreeSet<&str> = events.columns().iter().filter(of_time).map(|column| column.name.as_str()).collect();
    let mut demands = Vec::new();
    for conjunct in filters.iter().flat_map(split_conjunction) {
        let names = conjunct.column_refs();
        let is_timed = names.iter().any(|column| of_time.contains(column.name.as_str()) || column.name == EVENT_ID);
        if !is_timed && !is_open(conjunct)? {
            demands.push(conjunct.clone());
        }
    }
    Ok(demands)
}

impl Gathered {
    /// How many events it holds.
    pub fn len(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When its events happened, in order; events without a time are left out.
    pub fn times(&self) -> Vec<Timestamp> {
        let mut times: Vec<Timestamp> = self
            .batches
            .iter()
            .filter_map(|batch| batch.columns().first())
            .flat_map(|times| times.as_primitive::<Int64Type>().iter().flatten().map(Timestamp::from_milliseconds))
            .collect();
        times.sort_unstable();
        times
    }

    /// The values of one of the columns that were asked for besides the plans', with the ids of their events.
    pub fn column(&self, column: &ScanColumn) -> Vec<(datafusion::arrow::array::ArrayRef, Vec<EventId>)> {
        let Some(number) = self.columns.find(column) else { return Vec::new() };
        self.batches
            .iter()
            .filter_map(|batch| {
                let ids = batch.columns().last()?.as_primitive::<UInt64Type>();
                Some((Arc::clone(batch.columns().get(number)?), ids.values().iter().map(|id| EventId(*id)).collect()))
            })
            .collect()
    }

    /// The plan over these events, of those only that happened from `from` up to, not including, `to`; events without a
    /// time are in every stretch. A scan that looks further back ([`Reach`]) is given what it looks at.
    ///
    /// # Errors
    /// Where the plan reads columns that were not gathered.
    pub fn place(
        &self,
        plan: LogicalPlan,
        stretch: Option<(Timestamp, Timestamp)>,
    ) -> std::result::Result<LogicalPlan, EngineError> {
        let batches = |reach: Reach| {
            let earlier = match reach {
                Reach::Stretch => Some(0),
                Reach::Earlier(by) => Some(by),
                Reach::All => None,
            };
            let (Some((from, to)), Some(earlier)) = (stretch, earlier) else { return self.batches.clone() };
            let moved = |time: Timestamp| Timestamp::from_milliseconds(time.milliseconds().saturating_sub(earlier));
            let slices = self.batches.iter().flat_map(|batch| within(batch, moved(from), moved(to)));
            slices.filter(|slice| slice.num_rows() > 0).collect::<Vec<_>>()
        };
        let placed = plan.transform_up_with_subqueries(|node| {
            let Some((_, events)) = event_scan(&node) else { return Ok(Transformed::no(node)) };
            let table = self.table(events, &batches(events.reach()))?;
            match node {
                LogicalPlan::TableScan(mut scan) => {
                    scan.source = Arc::new(DefaultTableSource::new(Arc::new(table)));
                    Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
                }
                other => Ok(Transformed::no(other)),
            }
        })?;
        Ok(placed.data)
    }

    fn table(&self, events: &EventScan, batches: &[RecordBatch]) -> Result<MemTable> {
        let schema: SchemaRef = TableSource::schema(events);
        let mut numbers = Vec::with_capacity(events.columns().len() + 1);
        for column in events.columns() {
            match self.columns.find(column) {
                Some(number) => numbers.push(number),
                None => return plan_err!("{} was not gathered", column.name),
            }
        }
        numbers.push(self.columns.columns.len());
        let tables = batches
            .iter()
            .map(|batch| {
                let columns = numbers.iter().filter_map(|number| batch.columns().get(*number).cloned()).collect();
                Ok(RecordBatch::try_new(Arc::clone(&schema), columns)?)
            })
            .collect::<Result<Vec<_>>>()?;
        MemTable::try_new(schema, vec![tables])
    }
}

/// The rows of a stretch of time, and those without a time, which stand in front.
fn within(batch: &RecordBatch, from: Timestamp, to: Timestamp) -> Vec<RecordBatch> {
    let Some(times) = batch.columns().first() else { return vec![batch.clone()] };
    let untimed = times.null_count();
    let times = times.as_primitive::<Int64Type>().values();
    let timed = times.get(untimed..).unwrap_or_default();
    let start = untimed + timed.partition_point(|time| *time < from.milliseconds());
    let end = untimed + timed.partition_point(|time| *time < to.milliseconds());
    vec![batch.slice(0, untimed), batch.slice(start, end.saturating_sub(start))]
}

/// The column with each event's time, by the name that no query's column has here.
pub(crate) fn time(column: ScanColumn) -> ScanColumn {
    ScanColumn { name: TIME.to_owned(), ..column }
}
