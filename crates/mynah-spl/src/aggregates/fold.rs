//! Aggregates written as a fold over one row's values after the other.
use super::Aggregate;
use super::figures::{Figure, MomentsFold};
use crate::expression::{Type, cell_values, mixed_order, parse_number};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;
use datafusion::prelude::Expr;
use mynah_kernels::{Cell, Fold, Number, aggregate, fold_accumulator, refolded};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An aggregate that is a fold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Folding {
    /// The distinct values, in the order of their characters.
    Values,
    /// How many distinct values there are.
    Distinct,
    /// The least value, in the order of mixed values.
    Least,
    /// The greatest one.
    Greatest,
    /// The most frequent value.
    Mode,
    /// A figure of the numbers; null where there are none.
    Figure(Figure),
    /// The number at a rank of all numbers in ascending order; null where there are none.
    Rank(Rank),
    /// How much numbers grow in a second; the second argument is the time.
    Rate,
}

/// A place in so many numbers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Rank {
    /// The middle; of two in the middle the higher.
    Median,
    /// Behind so many percent of them; between two numbers so far from the one to the other.
    Share(Number),
}

impl Rank {
    /// The number at this place of numbers in ascending order.
    fn of(self, numbers: &[f64]) -> Option<f64> {
        match self {
            Rank::Median => numbers.get(numbers.len() / 2).copied(),
            Rank::Share(share) => {
                // In hundredths, which 0.95 * 9 would not give exactly.
                let place = share.0 * numbers.len().checked_sub(1)? as f64;
                let below = *numbers.get((place / 100.0).floor() as usize)?;
                let above = *numbers.get((place / 100.0).ceil() as usize)?;
                Some(if above == below { below } else { below + (above - below) * (place % 100.0 / 100.0) })
            }
        }
    }
}

impl Folding {
    /// A call.
    pub(super) fn aggregate(self, arguments: Vec<Expr>) -> Aggregate {
        let ty = self.ty();
        Aggregate::plain(aggregate(self, arguments), ty)
    }

    fn ty(&self) -> Type {
        match self {
            Folding::Values => Type::Multi,
            Folding::Least | Folding::Greatest | Folding::Mode => Type::Text,
            Folding::Distinct | Folding::Figure(_) | Folding::Rank(_) | Folding::Rate => Type::Number,
        }
    }

    fn fold(&self) -> Box<dyn Fold> {
        match self {
            Folding::Values => Box::new(Distinct::default()),
            Folding::Distinct => Box::new(Distinct { count: true, ..Distinct::default() }),
            Folding::Least => Box::new(Extreme { best: None, better: Ordering::is_lt }),
            Folding::Greatest => Box::new(Extreme { best: None, better: Ordering::is_gt }),
            Folding::Mode => Box::new(Mode::default()),
            Folding::Figure(figure) => Box::new(MomentsFold::new(*figure)),
            Folding::Rank(rank) => Box::new(Numbers { numbers: Vec::new(), rank: *rank }),
            Folding::Rate => Box::new(Rate::default()),
        }
    }
}

impl mynah_kernels::Aggregate for Folding {
    const NAME: &'static str = "spl.fold";

    fn returns(&self) -> DataType {
        self.ty().data_type()
    }

    fn state(&self) -> Vec<DataType> {
        let numbers = || DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)));
        match self {
            Folding::Values | Folding::Distinct => vec![Type::Multi.data_type()],
            Folding::Least | Folding::Greatest => vec![DataType::Utf8],
            Folding::Mode => vec![Type::Multi.data_type(), numbers()],
            Folding::Figure(_) => vec![DataType::Float64; 7],
            Folding::Rank(_) => vec![numbers()],
            Folding::Rate => vec![DataType::Float64; 4],
        }
    }

    fn accumulator(&self, _: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        Ok(fold_accumulator(self.fold()))
    }

    fn sliding_accumulator(&self, _: &[FieldRef]) -> Result<Box<dyn Accumulator>> {
        let folding = self.clone();
        Ok(refolded(move || folding.fold()))
    }
}

/// A list of texts as a state or result; none at all is null.
pub(super) fn texts(values: impl IntoIterator<Item = String>) -> ScalarValue {
    let values: Vec<ScalarValue> = values.into_iter().map(|value| ScalarValue::Utf8(Some(value))).collect();
    if values.is_empty() {
        return ScalarValue::try_new_null(&Type::Multi.data_type()).unwrap_or(ScalarValue::Null);
    }
    ScalarValue::List(ScalarValue::new_list_nullable(&values, &DataType::Utf8))
}

#[derive(Debug, Default)]
struct Distinct {
    count: bool,
    seen: HashSet<String>,
    bytes: usize,
}

impl Fold for Distinct {
    fn add(&mut self, row: &[Cell<'_>]) {
        let Some(cell) = row.first() else { return };
        for value in cell_values(cell) {
            if !self.seen.contains(value.as_ref()) {
                self.bytes += value.len() + size_of::<String>();
                self.seen.insert(value.into_owned());
            }
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        vec![texts(self.seen.iter().cloned())]
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        self.add(state);
    }

    fn value(&self) -> ScalarValue {
        if self.count {
            return ScalarValue::Float64(Some(self.seen.len() as f64));
        }
        let mut values: Vec<String> = self.seen.iter().cloned().collect();
        values.sort_unstable();
        texts(values)
    }

    fn size(&self) -> usize {
        self.bytes
    }
}

#[derive(Debug)]
struct Extreme {
    best: Option<String>,
    better: fn(Ordering) -> bool,
}

impl Fold for Extreme {
    fn add(&mut self, row: &[Cell<'_>]) {
        let Some(cell) = row.first() else { return };
        for value in cell_values(cell) {
            if self.best.as_ref().is_none_or(|best| (self.better)(mixed_order(&value, best))) {
                self.best = Some(value.into_owned());
            }
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        vec![self.value()]
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        self.add(state);
    }

    fn value(&self) -> ScalarValue {
        ScalarValue::Utf8(self.best.clone())
    }

    fn size(&self) -> usize {
        self.best.as_ref().map_or(0, String::len)
    }
}

/// How often each value came.
#[derive(Debug, Default)]
struct Mode(HashMap<String, f64>);

impl Fold for Mode {
    fn add(&mut self, row: &[Cell<'_>]) {
        for value in row.first().map(cell_values).unwrap_or_default() {
            *self.0.entry(value.into_owned()).or_default() += 1.0;
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        let counts: Vec<ScalarValue> = self.0.values().map(|count| ScalarValue::Float64(Some(*count))).collect();
        vec![
            texts(self.0.keys().cloned()),
            ScalarValue::List(ScalarValue::new_list_nullable(&counts, &DataType::Float64)),
        ]
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        if let [values, Cell::List(counts)] = state {
            for (value, count) in cell_values(values).into_iter().zip(counts) {
                *self.0.entry(value.into_owned()).or_default() += count.as_float().unwrap_or(0.0);
            }
        }
    }

    fn value(&self) -> ScalarValue {
        let best =
            self.0.iter().max_by(|left, right| left.1.total_cmp(right.1).then_with(|| mixed_order(right.0, left.0)));
        ScalarValue::Utf8(best.map(|(value, _)| value.clone()))
    }

    fn size(&self) -> usize {
        self.0.keys().map(|value| value.len() + 40).sum()
    }
}

#[derive(Debug)]
struct Numbers {
    numbers: Vec<f64>,
    rank: Rank,
}

impl Fold for Numbers {
    fn add(&mut self, row: &[Cell<'_>]) {
        match row.first() {
            Some(Cell::Float(number)) => self.numbers.push(*number),
            Some(cell) => self.numbers.extend(cell_values(cell).iter().filter_map(|text| parse_number(text))),
            None => {}
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        let numbers: Vec<ScalarValue> = self.numbers.iter().map(|number| ScalarValue::Float64(Some(*number))).collect();
        vec![ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::Float64))]
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        if let Some(Cell::List(cells)) = state.first() {
            self.numbers.extend(cells.iter().filter_map(Cell::as_float));
        }
    }

    fn value(&self) -> ScalarValue {
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable_by(f64::total_cmp);
        ScalarValue::Float64(self.rank.of(&numbers))
    }

    fn size(&self) -> usize {
        self.numbers.capacity() * size_of::<f64>()
    }
}

/// The oldest and the newest number, each with its time.
#[derive(Debug, Default)]
struct Rate {
    oldest: Option<(f64, f64)>,
    newest: Option<(f64, f64)>,
}

impl Rate {
    fn push(&mut self, number: f64, time: f64) {
        if self.oldest.is_none_or(|(_, oldest)| time < oldest) {
            self.oldest = Some((number, time));
        }
        if self.newest.is_none_or(|(_, newest)| time > newest) {
            self.newest = Some((number, time));
        }
    }
}

impl Fold for Rate {
    fn add(&mut self, row: &[Cell<'_>]) {
        if let [number, time] = row
            && let (Some(number), Some(time)) = (number.as_float(), time.as_float())
        {
            self.push(number, time);
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        let (oldest, newest) = (self.oldest.unzip(), self.newest.unzip());
        [oldest.0, oldest.1, newest.0, newest.1].map(ScalarValue::Float64).to_vec()
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        let parts: Vec<Option<f64>> = state.iter().map(Cell::as_float).collect();
        if let [Some(oldest), Some(oldest_time), Some(newest), Some(newest_time)] = parts.as_slice() {
            self.push(*oldest, *oldest_time);
            self.push(*newest, *newest_time);
        }
    }

    fn value(&self) -> ScalarValue {
        ScalarValue::Float64(match (self.oldest, self.newest) {
            (Some((oldest, from)), Some((newest, to))) if to > from => Some((newest - oldest) / (to - from)),
            _ => None,
        })
    }

    fn size(&self) -> usize {
        0
    }
}
