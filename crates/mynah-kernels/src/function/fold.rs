//! Aggregates written as a fold over one row's values after the other.
use super::{Cell, cell};
use datafusion::arrow::array::ArrayRef;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::Accumulator;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// What a fold has seen so far.
///
/// Its value may be asked for at any time, and more rows may come behind: windows do that.
pub trait Fold: fmt::Debug + Send + Sync + 'static {
    /// Takes one row's arguments in.
    fn add(&mut self, row: &[Cell<'_>]);
    /// What another fold of the same kind needs to take this one in: one value for each of the state's types.
    fn state(&self) -> Vec<ScalarValue>;
    /// Takes another fold in, by its state.
    fn merge(&mut self, state: &[Cell<'_>]);
    /// The result.
    fn value(&self) -> ScalarValue;
    /// The bytes it holds.
    fn size(&self) -> usize;
}

/// The accumulator of a fold.
pub fn folded(fold: impl Fold) -> Box<dyn Accumulator> {
    fold_accumulator(Box::new(fold))
}

/// The accumulator of a fold whose type is not known.
pub fn fold_accumulator(fold: Box<dyn Fold>) -> Box<dyn Accumulator> {
    Box::new(Folding(fold))
}

/// The accumulator of a fold over a window that moves on: it keeps the window's rows and folds them anew, since what a fold
/// has taken in cannot be taken out again.
pub fn refolded(new: impl Fn() -> Box<dyn Fold> + Send + Sync + 'static) -> Box<dyn Accumulator> {
    Box::new(SlidingFold { new: Arc::new(new), rows: VecDeque::new() })
}

#[derive(Debug)]
struct Folding(Box<dyn Fold>);

impl Accumulator for Folding {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        each_row(values, |row| self.0.add(row))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.0.value())
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.0.state())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        each_row(states, |row| self.0.merge(row))
    }
}

fn each_row(columns: &[ArrayRef], mut each: impl FnMut(&[Cell<'_>])) -> Result<()> {
    let rows = columns.first().map_or(0, |column| column.len());
    let mut row = Vec::with_capacity(columns.len());
    for index in 0..rows {
        row.clear();
        for column in columns {
            row.push(cell(column.as_ref(), index)?);
        }
        each(&row);
    }
    Ok(())
}

struct SlidingFold {
    new: Arc<dyn Fn() -> Box<dyn Fold> + Send + Sync>,
    rows: VecDeque<Vec<Cell<'static>>>,
}

impl Accumulator for SlidingFold {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |column| column.len());
        for index in 0..rows {
            let row = values.iter().map(|column| Ok(cell(column.as_ref(), index)?.into_owned()));
            self.rows.push_back(row.collect::<Result<_>>()?);
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, |column| column.len());
        self.rows.drain(..rows.min(self.rows.len()));
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut fold = (self.new)();
        self.rows.iter().for_each(|row| fold.add(row));
        Ok(fold.value())
    }

    fn size(&self) -> usize {
        let cells: usize =
            self.rows.iter().flatten().map(|cell| size_of_val(cell) + cell.as_text().map_or(0, str::len)).sum();
        size_of::<Self>() + cells
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        exec_err!("a window's aggregate is not merged with others")
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        exec_err!("a window's aggregate is not merged with others")
    }
}

impl fmt::Debug for SlidingFold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlidingFold({} rows)", self.rows.len())
    }
}
