//! Aggregates that need all numbers of a column: percentiles and the median.

use super::fold::{Fold, fold};
use crate::expression::{Type, Typed, cell_values, parse_number};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use mynah_kernels::Cell;
use std::sync::Arc;

/// The number at a rank of a column's numbers in ascending order; null where there are none.
///
/// `rank` gives the place, from 0, in so many numbers.
pub(super) fn at_rank(
    name: String,
    value: Typed,
    rank: impl Fn(usize) -> usize + Send + Sync + Clone + 'static,
) -> Expr {
    let state = vec![DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)))];
    fold(name, Type::Number, state, vec![value.expr], move || Numbers {
        numbers: Vec::new(),
        rank: Rank(Arc::new(rank.clone())),
    })
}

#[derive(Clone)]
struct Rank(Arc<dyn Fn(usize) -> usize + Send + Sync>);

impl std::fmt::Debug for Rank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("rank")
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
        let rank = (self.rank.0)(numbers.len());
        if rank >= numbers.len() {
            return ScalarValue::Float64(None);
        }
        let (_, number, _) = numbers.select_nth_unstable_by(rank, f64::total_cmp);
        ScalarValue::Float64(Some(*number))
    }

    fn size(&self) -> usize {
        self.numbers.capacity() * size_of::<f64>()
    }
}
