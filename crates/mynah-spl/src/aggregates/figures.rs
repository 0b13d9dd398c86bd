//! What sums, means, deviations and ranges are made of.
use crate::expression::{cell_values, parse_number};
use datafusion::common::ScalarValue;
use mynah_kernels::{Cell, Fold};
use serde::{Deserialize, Serialize};

/// A figure of numbers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Figure {
    Sum,
    Mean,
    SumOfSquares,
    Range,
    /// As of a sample.
    SampleVariance,
    /// As of a sample.
    SampleDeviation,
    /// As of a whole population.
    Variance,
    /// As of a whole population.
    Deviation,
}

impl Figure {
    /// The figure of some numbers; nothing of none.
    pub(crate) fn of_numbers(self, numbers: impl IntoIterator<Item = f64>) -> Option<f64> {
        let mut moments = Moments::NONE;
        numbers.into_iter().for_each(|number| moments.push(number));
        (moments.count > 0.0).then(|| self.of(&moments))
    }

    fn of(self, moments: &Moments) -> f64 {
        match self {
            Figure::Sum => moments.sum,
            Figure::Mean => moments.sum / moments.count,
            Figure::SumOfSquares => moments.sum_of_squares,
            Figure::Range => moments.greatest - moments.least,
            Figure::SampleVariance => moments.sample_variance(),
            Figure::SampleDeviation => moments.sample_variance().sqrt(),
            Figure::Variance => moments.population_variance(),
            Figure::Deviation => moments.population_variance().sqrt(),
        }
    }
}

/// Figures of the numbers seen so far; what is no number is left aside.
#[derive(Debug, Clone, Copy)]
struct Moments {
    count: f64,
    sum: f64,
    sum_of_squares: f64,
    least: f64,
    greatest: f64,
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
    fn sample_variance(&self) -> f64 {
        if self.count > 1.0 { self.distances / (self.count - 1.0) } else { 0.0 }
    }

    /// The variance of a whole population.
    fn population_variance(&self) -> f64 {
        self.distances / self.count
    }
}

/// The fold of a figure.
#[derive(Debug)]
pub(super) struct MomentsFold {
    moments: Moments,
    figure: Figure,
}

impl MomentsFold {
    pub(super) fn new(figure: Figure) -> Self {
        MomentsFold { moments: Moments::NONE, figure }
    }
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
        ScalarValue::Float64((self.moments.count > 0.0).then(|| self.figure.of(&self.moments)))
    }

    fn size(&self) -> usize {
        0
    }
}
