//! What sums, means, deviations and ranges are made of.

use super::fold::{Fold, fold};
use crate::expression::{Type, Typed, cell_values, parse_number};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use mynah_kernels::Cell;

/// Figures of the numbers seen so far; what is no number is left aside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) sum_of_squares: f64,
    pub(super) least: f64,
    pub(super) greatest: f64,
    mean: f64,
    /// The sum of the squared distances from the mean.
    distances: f64,
}

impl Moments {
    const NONE: Moments = Moments {
        count: 0.0,
        sum: 0.0,
        sum_of_squares: 0.0,
        least: f64::INFINITY,
        greatest: f64::NEG_INFINITY,
        mean: 0.0,
        distances: 0.0,
    };

    fn push(&mut self, number: f64) {
        self.count += 1.0;
        self.sum += number;
        self.sum_of_squares += number * number;
        self.least = self.least.min(number);
        self.greatest = self.greatest.max(number);
        // Welford's: the difference of two large sums would lose all digits.
        let before = number - self.mean;
        self.mean += before / self.count;
        self.distances += before * (number - self.mean);
    }

    fn join(&mut self, other: Moments) {
        if other.count == 0.0 {
            return;
        }
        let count = self.count + other.count;
        let between = other.mean - self.mean;
        self.distances += other.distances + between * between * self.count * other.count / count;
        self.mean += between * other.count / count;
        self.count = count;
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// The variance of a sample; of a single number it is 0.
    pub(super) fn sample_variance(&self) -> f64 {
        if self.count > 1.0 { self.distances / (self.count - 1.0) } else { 0.0 }
    }

    /// The variance of a whole population.
    pub(super) fn population_variance(&self) -> f64 {
        self.distances / self.count
    }
}

/// An aggregate that is a figure of the numbers of a column; null where there are none.
pub(super) fn figure(name: &'static str, value: Typed, figure: fn(&Moments) -> f64) -> Expr {
    let state = vec![DataType::Float64; 7];
    fold(name, Type::Number, state, vec![value.expr], move || MomentsFold { moments: Moments::NONE, figure })
}

#[derive(Debug)]
struct MomentsFold {
    moments: Moments,
    figure: fn(&Moments) -> f64,
}

impl Fold for MomentsFold {
    fn add(&mut self, row: &[Cell<'_>]) {
        match row.first() {
            Some(Cell::Float(number)) => self.moments.push(*number),
            Some(cell) => cell_values(cell)
                .iter()
                .filter_map(|text| parse_number(text))
                .for_each(|number| self.moments.push(number)),
            None => {}
        }
    }

    fn state(&self) -> Vec<ScalarValue> {
        let m = &self.moments;
        [m.count, m.sum, m.sum_of_squares, m.least, m.greatest, m.mean, m.distances]
            .map(|part| ScalarValue::Float64(Some(part)))
            .to_vec()
    }

    fn merge(&mut self, state: &[Cell<'_>]) {
        let parts: Vec<f64> = state.iter().filter_map(Cell::as_float).collect();
        if let [count, sum, sum_of_squares, least, greatest, mean, distances] = parts.as_slice() {
            self.moments.join(Moments {
                count: *count,
                sum: *sum,
                sum_of_squares: *sum_of_squares,
                least: *least,
                greatest: *greatest,
                mean: *mean,
                distances: *distances,
            });
        }
    }

    fn value(&self) -> ScalarValue {
        ScalarValue::Float64((self.moments.count > 0.0).then(|| (self.figure)(&self.moments)))
    }

    fn size(&self) -> usize {
        0
    }
}
