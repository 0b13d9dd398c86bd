//! `trace`: the messages that a value leads to, also by way of other values that stand in the same messages.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/trace/>
use super::extraction::{Extract, Extraction};
use super::values::pack;
use super::{Draft, Kind, Level, TIME, Typed, compile};
use crate::ast::{Direction, Trace};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::cast;
use mynah_dialect::column;
use mynah_kernels::{Picked, WholeRows, call, whole_rows};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The operator over all rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Chain {
    /// The column with the values of each row.
    values: String,
    /// The columns with its time and its number.
    place: [String; 2],
    /// The value that the chain begins with, as one of the values.
    start: String,
    direction: Direction,
}

pub(super) fn lower(draft: &mut Draft<'_>, trace: &Trace) -> std::result::Result<(), Diagnostic> {
    if draft.level != Level::Messages {
        let message = "`trace` follows messages: it stands before aggregates";
        return Err(Diagnostic::error("sumo/trace", message, draft.at));
    }
    let regex = compile(&trace.pattern.pattern(), trace.pattern.place.0)?;
    // The value is what the first group finds, or the whole of it.
    let group = usize::from(regex.group_names().len() > 1);
    let extraction = Extraction::Groups { regex, groups: vec![group] };
    let values = call(Extract { extraction, all: true }, vec![draft.raw().expr]);
    let values = draft.hide("trace", Typed::new(values, Kind::Text))?;
    let time = draft.scanned(TIME).to(Kind::Integer);
    let number = Typed::new(cast(column(&draft.tie), DataType::Int64), Kind::Integer);
    let place = [draft.hide("time", time)?, draft.hide("number", number)?];
    let hidden: Vec<String> = place.iter().chain([&values]).cloned().collect();
    let chain = Chain { values, place, start: pack([Some(trace.start.value())]), direction: trace.direction };
    let rows = draft.plan()?;
    draft.plan = whole_rows(chain, rows).map_err(|error| draft.refused(&error))?;
    hidden.iter().for_each(|name| draft.forget(name));
    Ok(())
}

impl WholeRows for Chain {
    const NAME: &'static str = "sumo.trace";

    fn title(&self) -> &str {
        "Trace"
    }

    fn added(&self) -> Vec<Field> {
        Vec::new()
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let missing = || exec_datafusion_err!("the rows have no values to trace");
        let lists = rows.column_by_name(&self.values).and_then(|column| column.as_list_opt::<i32>());
        let lists = lists.ok_or_else(missing)?;
        let values = lists.values().as_string_opt::<i32>().ok_or_else(missing)?;
        let offsets = lists.value_offsets();
        let of = |row: usize| {
            let ends = offsets.get(row).zip(offsets.get(row + 1)).filter(|_| !lists.is_null(row));
            let (start, end) = ends.map_or((0, 0), |(start, end)| (*start as usize, *end as usize));
            (start..end).filter(|at| !values.is_null(*at)).map(|at| values.value(at))
        };
        let [time, number] = &self.place;
        let place = |name: &String| {
            let column = rows.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
            column.ok_or_else(missing)
        };
        let (time, number) = (place(time)?, place(number)?);
        let mut order: Vec<usize> = (0..rows.num_rows()).collect();
        order.sort_by_key(|row| (time.value(*row), number.value(*row)));
        let mut picked = match self.direction {
            Direction::Both => self.both_ways(order.len(), of),
            Direction::Forward => self.one_way(order.into_iter(), of),
            Direction::Backward => self.one_way(order.into_iter().rev(), of),
        };
        picked.sort_unstable();
        let number = |row| u32::try_from(row).map_err(|_| exec_datafusion_err!("too many rows for `trace`"));
        Ok(Picked { rows: picked.into_iter().map(number).collect::<Result<_>>()?, added: Vec::new() })
    }
}

impl Chain {
    /// The rows that hold a value that is known, each of which makes its other values known to those after it.
    fn one_way<'v, V: Iterator<Item = &'v str>>(
        &'v self,
        rows: impl Iterator<Item = usize>,
        of: impl Fn(usize) -> V,
    ) -> Vec<usize> {
        let mut known = HashSet::from([self.start.as_str()]);
        let mut picked = Vec::new();
        for row in rows {
            if of(row).any(|value| known.contains(value)) {
                known.extend(of(row));
                picked.push(row);
            }
        }
        picked
    }

    /// The same, whatever stands before or after.
    fn both_ways<'v, V: Iterator<Item = &'v str>>(&'v self, count: usize, of: impl Fn(usize) -> V) -> Vec<usize> {
        let mut holding: HashMap<&str, Vec<usize>> = HashMap::new();
        for row in 0..count {
            of(row).for_each(|value| holding.entry(value).or_default().push(row));
        }
        let mut open = vec![self.start.as_str()];
        let mut picked = HashSet::new();
        while let Some(value) = open.pop() {
            // What holds a value is asked for once.
            for row in holding.remove(value).unwrap_or_default() {
                if picked.insert(row) {
                    open.extend(of(row));
                }
            }
        }
        picked.into_iter().collect()
    }
}
