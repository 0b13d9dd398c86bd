use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::{Result, plan_datafusion_err};
use std::cell::RefCell;
use std::collections::HashMap;

/// Values of some events, column by column.
pub(super) struct Values<'s> {
    pub batch: RecordBatch,
    /// Where in the batch each column is, by its number among those of all rules.
    pub places: &'s HashMap<usize, usize>,
}

/// Some rows of a batch. Their values are taken column by column, when a condition asks for them.
pub(super) struct Selection<'b> {
    values: &'b Values<'b>,
    /// Nothing for all rows.
    rows: Option<UInt32Array>,
    taken: RefCell<HashMap<usize, ArrayRef>>,
}

impl<'b> Selection<'b> {
    /// All rows.
    pub fn all(values: &'b Values<'b>) -> Selection<'b> {
        Selection { values, rows: None, taken: RefCell::default() }
    }

    fn len(&self) -> usize {
        self.rows.as_ref().map_or(self.values.batch.num_rows(), Array::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of its rows in the batch.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        let all = match &self.rows {
            Some(_) => 0..0,
            // A batch has some thousand rows.
            None => 0..u32::try_from(self.values.batch.num_rows()).unwrap_or(u32::MAX),
        };
        self.rows.iter().flat_map(|rows| rows.values().iter().copied()).chain(all)
    }

    /// These columns of its rows.
    pub fn columns(&self, numbers: &[usize], schema: SchemaRef) -> Result<RecordBatch> {
        let columns = numbers.iter().map(|number| self.column(*number)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    fn column(&self, number: usize) -> Result<ArrayRef> {
        let missing = || plan_datafusion_err!("the events have no column {number}");
        let place = self.values.places.get(&number).ok_or_else(missing)?;
        let whole = self.values.batch.columns().get(*place).ok_or_else(missing)?;
        let Some(rows) = &self.rows else { return Ok(ArrayRef::clone(whole)) };
        if let Some(taken) = self.taken.borrow().get(&number) {
            return Ok(ArrayRef::clone(taken));
        }
        let taken = take(whole, rows, None)?;
        self.taken.borrow_mut().insert(number, ArrayRef::clone(&taken));
        Ok(taken)
    }

    /// Those of its rows for which this is true.
    pub fn narrowed(&self, fulfilled: &BooleanArray) -> Selection<'b> {
        let is_true = |row: &usize| fulfilled.is_valid(*row) && fulfilled.value(*row);
        let rows: UInt32Array = match &self.rows {
            // As above: numbers of rows are small.
            None => (0..fulfilled.len()).filter(is_true).map(|row| row as u32).collect(),
            Some(rows) => (0..fulfilled.len()).filter(is_true).map(|row| rows.value(row)).collect(),
        };
        Selection { values: self.values, rows: Some(rows), taken: RefCell::default() }
    }
}
