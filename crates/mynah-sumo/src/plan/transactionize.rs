//! Which rows are one transaction: those that share a value of any of some fields, also by way of others.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/transaction-analytics/transactionize-operator/>
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{Result, exec_datafusion_err};
use mynah_kernels::{Picked, WholeRows};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// The columns that it adds, behind the name of the operator.
pub(super) const ADDED: [&str; 4] = ["", "_duration", "_size", "_orphaned"];

/// The operator over all rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Transactions {
    /// What the added columns begin with.
    pub prefix: String,
    /// The columns with the values that rows share.
    pub fields: Vec<String>,
    /// The column with the time, in milliseconds, if the rows have one.
    pub time: Option<String>,
    /// The column that tells whether a row begins a transaction, if that is asked, and whether others are left out.
    pub starts: Option<(String, bool)>,
    /// The same of the end.
    pub ends: Option<(String, bool)>,
    /// Milliseconds from the first to the last row.
    pub max_span: Option<i64>,
    /// Milliseconds between two rows.
    pub max_pause: Option<i64>,
    /// How many rows.
    pub max_logs: Option<u64>,
    /// Whether rows without any of the fields are left out.
    pub drop_orphans: bool,
}

/// The rows of one transaction, by time.
struct Group {
    rows: Vec<usize>,
    orphaned: bool,
}

impl WholeRows for Transactions {
    const NAME: &'static str = "sumo.transactions";

    fn title(&self) -> &str {
        "Transactions"
    }

    fn added(&self) -> Vec<Field> {
        let types = [DataType::Int64, DataType::Int64, DataType::Int64, DataType::Boolean];
        ADDED.iter().zip(types).map(|(name, kind)| Field::new(format!("{}{name}", self.prefix), kind, true)).collect()
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let column = |name: &String| {
            rows.column_by_name(name).ok_or_else(|| exec_datafusion_err!("the rows have no column {name}"))
        };
        let fields = self.fields.iter().map(column).collect::<Result<Vec<_>>>()?;
        let times = self.time.as_ref().map(column).transpose()?;
        let time = |row: usize| {
            let times = times?.as_primitive_opt::<Int64Type>()?;
            (!times.is_null(row)).then(|| times.value(row))
        };
        let flags = |flag: &Option<(String, bool)>| flag.as_ref().map(|(name, _)| column(name)).transpose();
        let (starts, ends) = (flags(&self.starts)?, flags(&self.ends)?);
        let is = |flags: Option<&ArrayRef>, row: usize| {
            flags.and_then(|flags| flags.as_boolean_opt()).is_some_and(|flags| !flags.is_null(row) && flags.value(row))
        };
        let mut groups: Vec<Group> = Vec::new();
        for mut whole in joined(&fields, rows.num_rows()) {
            whole.rows.sort_by_key(|row| (time(*row), *row));
            groups.extend(self.cut(whole, &time, &|row| is(starts, row), &|row| is(ends, row)));
        }
        groups.retain(|group| !(group.orphaned && self.drop_orphans));
        // In the order of their first rows.
        groups.sort_by_key(|group| group.rows.iter().min().copied());
        let mut members: Vec<(usize, usize)> = groups
            .iter()
            .enumerate()
            .flat_map(|(number, group)| group.rows.iter().map(move |row| (*row, number)))
            .collect();
        members.sort_unstable();
        let of = |number: &usize| groups.get(*number);
        let span = |group: &Group| {
            let (first, last) =
                (group.rows.first().and_then(|row| time(*row)), group.rows.last().and_then(|row| time(*row)));
            Some(last?.saturating_sub(first?))
        };
        let spans: Vec<Option<i64>> = groups.iter().map(span).collect();
        let numbers = members.iter().map(|(_, number)| Some(*number as i64 + 1));
        let durations = members.iter().map(|(_, number)| spans.get(*number).copied().flatten());
        let sizes = members.iter().map(|(_, number)| of(number).map(|group| group.rows.len() as i64));
        let orphaned = members.iter().map(|(_, number)| of(number).map(|group| group.orphaned));
        let added: Vec<ArrayRef> = vec![
            Arc::new(numbers.collect::<Int64Array>()),
            Arc::new(durations.collect::<Int64Array>()),
            Arc::new(sizes.collect::<Int64Array>()),
            Arc::new(orphaned.collect::<BooleanArray>()),
        ];
        let row = |(row, _): &(usize, usize)| {
            u32::try_from(*row).map_err(|_| exec_datafusion_err!("too many rows for `transactionize`"))
        };
        Ok(Picked { rows: members.iter().map(row).collect::<Result<_>>()?, added })
    }
}

impl Transactions {
    /// A transaction cut where it becomes too long, or where another begins.
    fn cut(
        &self,
        whole: Group,
        time: &dyn Fn(usize) -> Option<i64>,
        starts: &dyn Fn(usize) -> bool,
        ends: &dyn Fn(usize) -> bool,
    ) -> Vec<Group> {
        let (mut groups, mut rows): (Vec<Group>, Vec<usize>) = (Vec::new(), Vec::new());
        let since = |from: Option<&usize>, row: usize| Some(time(row)?.saturating_sub(time(*from?)?));
        for row in whole.rows {
            let too_long =
                |limit: Option<i64>, from| limit.zip(since(from, row)).is_some_and(|(limit, time)| time > limit);
            let full = self.max_logs.is_some_and(|most| rows.len() as u64 >= most);
            let ended = rows.last().is_some_and(|last| ends(*last));
            let cut = full
                || ended
                || starts(row)
                || too_long(self.max_span, rows.first())
                || too_long(self.max_pause, rows.last());
            if cut && !rows.is_empty() {
                groups.push(Group { rows: std::mem::take(&mut rows), orphaned: whole.orphaned });
            }
            rows.push(row);
        }
        groups.push(Group { rows, orphaned: whole.orphaned });
        let strict = |flag: &Option<(String, bool)>| flag.as_ref().is_some_and(|(_, strict)| *strict);
        groups.retain(|group| {
            let begins = !strict(&self.starts) || group.rows.first().is_some_and(|row| starts(*row));
            begins && (!strict(&self.ends) || group.rows.last().is_some_and(|row| ends(*row)))
        });
        groups
    }
}

/// The rows that share a value, also by way of others; a row without any value is alone.
fn joined(fields: &[&ArrayRef], rows: usize) -> Vec<Group> {
    let mut parents: Vec<usize> = (0..rows).collect();
    let mut orphaned = vec![true; rows];
    for field in fields {
        let Some(texts) = field.as_string_opt::<i32>() else { continue };
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (row, text) in texts.iter().enumerate() {
            let Some(text) = text else { continue };
            if let Some(orphaned) = orphaned.get_mut(row) {
                *orphaned = false;
            }
            let other = *first.entry(text).or_insert(row);
            let (a, b) = (root(&mut parents, row), root(&mut parents, other));
            if let Some(parent) = parents.get_mut(a.max(b)) {
                *parent = a.min(b);
            }
        }
    }
    let mut groups: HashMap<usize, Group> = HashMap::new();
    for (row, orphaned) in orphaned.into_iter().enumerate() {
        let group = groups.entry(root(&mut parents, row)).or_insert(Group { rows: Vec::new(), orphaned });
        group.rows.push(row);
    }
    groups.into_values().collect()
}

/// The row that stands for all that belong together with this one.
fn root(parents: &mut [usize], mut row: usize) -> usize {
    loop {
        let parent = parents.get(row).copied().unwrap_or(row);
        if parent == row {
            return row;
        }
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(own) = parents.get_mut(row) {
            *own = above;
        }
        row = parent;
    }
}
