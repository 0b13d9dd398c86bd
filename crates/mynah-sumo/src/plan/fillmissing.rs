//! `fillmissing`.
use super::rows::{rows_of, values_plan};
use super::{Draft, Kind, Role};
use crate::ast::{Expression, FillMissing, Generator, Name, Place, Slice, interval, number_value};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result as PlanResult, ScalarValue};
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::column;
use mynah_syntax::Diagnostic;
use std::collections::{BTreeMap, HashMap, HashSet};

/// As many combinations as Sumo Logic makes.
const MOST: usize = 10_000;

/// What the new rows are numbered from where others have the number of their first event: they come last, in their own
/// order.
const FIRST: u64 = u64::MAX / 2;

pub(super) fn lower(draft: &mut Draft<'_>, fill: &FillMissing) -> Result<(), Diagnostic> {
    let keys: Vec<Name> = fill.generators.iter().map(|generator| field(generator, Place(draft.at))).collect();
    for name in keys.iter().chain(fill.with.iter().map(|(_, name)| name)) {
        draft.resolve(name)?;
    }
    let columns: Vec<(String, Kind, Role)> =
        draft.columns.iter().map(|column| (column.name.clone(), column.kind, column.role)).collect();
    let plan = draft.plan()?;
    let own_type = |name: &str| plan.schema().field_with_unqualified_name(name).map(|field| field.data_type().clone());
    let types: Vec<(String, DataType)> = columns
        .iter()
        .map(|(name, kind, _)| (name.clone(), own_type(name).unwrap_or_else(|_| kind.data_type())))
        .collect();
    let present = draft.derived(|builder| builder.project(columns.iter().map(|(name, _, _)| column(name))))?;
    let Some(batches) = draft.rows(&present)? else { return Ok(()) };
    let is_key = |key: &Name, name: &str, role| role == Role::Field && name.eq_ignore_ascii_case(&key.text);
    let position = |key: &Name| {
        let position = columns.iter().position(|(name, _, role)| is_key(key, name, *role));
        let unknown = || format!("there is no field `{}` to fill", key.text);
        position.ok_or_else(|| Diagnostic::error("sumo/unknown-field", unknown(), key.span()))
    };
    let positions = keys.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    let rows = rows_of(&batches).map_err(|error| draft.refused(&error))?;
    let keys_of = |row: &Vec<ScalarValue>| positions.iter().filter_map(|at| row.get(*at).cloned()).collect();
    let whole = rows;
    let rows: Vec<Vec<ScalarValue>> = whole.iter().map(keys_of).collect();
    let mut wanted: Vec<Vec<ScalarValue>> = Vec::new();
    for (index, generator) in fill.generators.iter().enumerate() {
        let own = rows.iter().filter_map(|row| row.get(index));
        wanted.push(match generator {
            Generator::Values(texts, _) => texts.iter().map(|text| ScalarValue::from(text.value())).collect(),
            Generator::AllValues(_) => {
                let mut seen = HashSet::new();
                own.filter(|value| seen.insert((*value).clone())).cloned().collect()
            }
            Generator::Timeslice(slice, _) => slices(draft, slice)?,
        });
    }
    let count = wanted.iter().fold(1_usize, |count, list| count.saturating_mul(list.len()));
    if count > MOST {
        let message = format!("`fillmissing` makes {MOST} combinations of values at the most: the others are left out");
        draft.diagnostics.push(Diagnostic::warning("sumo/fillmissing-limit", message, draft.at));
    }
    let have: HashSet<&Vec<ScalarValue>> = rows.iter().collect();
    let slice = fill.generators.iter().position(|generator| matches!(generator, Generator::Timeslice(..)));
    let last = match (fill.take_last, slice) {
        (None, _) => None,
        (Some(_), Some(slice)) => Some(Before::new(slice, &rows, &whole)),
        (Some(place), None) => {
            let message = "`takeLast` needs `timeslice` among the generators";
            return Err(Diagnostic::error("sumo/fillmissing", message, place.0));
        }
    };
    let mut filled = Vec::new();
    for (number, tuple) in combinations(&wanted).iter().filter(|tuple| !have.contains(tuple)).enumerate() {
        let order = FIRST.saturating_add((whole.len() + number) as u64);
        let value = |(at, (name, data_type)): (usize, &(String, DataType))| match positions
            .iter()
            .position(|position| *position == at)
            .and_then(|index| tuple.get(index))
        {
            Some(value) => value.cast_to(data_type),
            // The hidden number of a group's first event.
            None if *data_type == DataType::UInt64 => Ok(ScalarValue::UInt64(Some(order))),
            None => match last.as_ref().and_then(|last| last.row(tuple)?.get(at)) {
                Some(value) => value.cast_to(data_type),
                // The fields of `transpose` are always null there.
                _ if draft.transposed => ScalarValue::try_from(data_type),
                _ => default(fill, name, data_type),
            },
        };
        let row = types.iter().enumerate().map(value).collect::<PlanResult<Vec<_>>>();
        filled.push(row.map_err(|error| draft.refused(&error))?);
    }
    if filled.is_empty() {
        return Ok(());
    }
    let filled = values_plan(&types, filled)
        .and_then(|values| LogicalPlanBuilder::from(present).union(values))
        .and_then(LogicalPlanBuilder::build);
    draft.plan = filled.map_err(|error| draft.refused(&error))?;
    Ok(())
}

/// The field that a generator fills.
fn field(generator: &Generator, place: Place) -> Name {
    match generator {
        Generator::Values(_, name) | Generator::AllValues(name) | Generator::Timeslice(_, Some(name)) => name.clone(),
        Generator::Timeslice(_, None) => Name::implied("_timeslice", place),
    }
}

/// The starts of all slices of the query's time range.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/fillmissing/>
fn slices(draft: &mut Draft<'_>, slice: &Slice) -> Result<Vec<ScalarValue>, Diagnostic> {
    let width = match (slice, &draft.timeslice) {
        (Slice::Every(text, _), _) => interval(text).unwrap_or(60_000),
        // Of a dashboard's parameter, the interval that was taken for it.
        (Slice::All | Slice::Parameter(..), Some((_, width))) => *width,
        _ => {
            let message = "there is no `timeslice` whose interval could be taken";
            return Err(Diagnostic::error("sumo/interval", message, draft.at).with_help("write it: `timeslice(15m)`"));
        }
    };
    let width = width.max(1);
    let Some((first, last)) = draft.query_range()? else { return Ok(Vec::new()) };
    let starts = std::iter::successors(Some(first.div_euclid(width) * width), |start| start.checked_add(width));
    Ok(starts.take_while(|start| *start < last).take(MOST + 1).map(|start| ScalarValue::Int64(Some(start))).collect())
}

/// The rows before each slice of time, for `takeLast`.
struct Before<'r> {
    /// Which of the keys is the slice.
    slice: usize,
    /// By the other keys: rows by their slice.
    rows: HashMap<Vec<ScalarValue>, BTreeMap<i64, &'r Vec<ScalarValue>>>,
}

impl<'r> Before<'r> {
    fn new(slice: usize, keys: &[Vec<ScalarValue>], rows: &'r [Vec<ScalarValue>]) -> Self {
        let mut before = Before { slice, rows: HashMap::new() };
        for (tuple, row) in keys.iter().zip(rows) {
            let (others, time) = before.split(tuple);
            if let Some(time) = time {
                before.rows.entry(others).or_default().insert(time, row);
            }
        }
        before
    }

    fn split(&self, tuple: &[ScalarValue]) -> (Vec<ScalarValue>, Option<i64>) {
        let others = tuple.iter().enumerate().filter(|(at, _)| *at != self.slice).map(|(_, value)| value.clone());
        let time = match tuple.get(self.slice) {
            Some(ScalarValue::Int64(time)) => *time,
            _ => None,
        };
        (others.collect(), time)
    }

    fn row(&self, tuple: &[ScalarValue]) -> Option<&'r Vec<ScalarValue>> {
        let (others, time) = self.split(tuple);
        self.rows.get(&others)?.range(..time?).next_back().map(|(_, row)| *row)
    }
}

/// What a new row has in a field that no generator makes.
fn default(fill: &FillMissing, name: &str, data_type: &DataType) -> PlanResult<ScalarValue> {
    if let Some((value, _)) = fill.with.iter().find(|(_, field)| field.text.eq_ignore_ascii_case(name)) {
        let value = match value {
            Expression::Text(text) => ScalarValue::from(text.value()),
            Expression::Number(number, _) => ScalarValue::from(number_value(number)),
            Expression::Negative(inner, _) => match inner.as_ref() {
                Expression::Number(number, _) => ScalarValue::from(number_value(number).map(|n| -n)),
                _ => ScalarValue::Null,
            },
            _ => ScalarValue::Null,
        };
        return value.cast_to(data_type);
    }
    match data_type {
        DataType::Int64 => Ok(ScalarValue::Int64(Some(0))),
        DataType::Float64 => Ok(ScalarValue::Float64(Some(0.0))),
        DataType::Boolean => Ok(ScalarValue::Boolean(Some(false))),
        other => ScalarValue::try_from(other),
    }
}

/// Every combination of one value of each list, no more than [`MOST`].
fn combinations(lists: &[Vec<ScalarValue>]) -> Vec<Vec<ScalarValue>> {
    lists.iter().fold(vec![Vec::new()], |all, list| {
        let longer = |tuple: &Vec<ScalarValue>| {
            list.iter().map(|value| [tuple.as_slice(), std::slice::from_ref(value)].concat()).collect::<Vec<_>>()
        };
        all.iter().flat_map(longer).take(MOST).collect()
    })
}
