//! The columns that tell which terms of a sequence or sample an event fits, and how its result is written.
use super::keys::{KeyId, Keys};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use datafusion::common::{Result, exec_datafusion_err};
use mynah_kernels::Picked;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The column with the number of an event's sequence or sample, from 1. Not the name under which it is shown, which a
/// field can have too.
pub(crate) const NUMBER: &str = "__number";

/// The column with the number of the event in its sequence or sample, from 0.
pub(crate) const STEP: &str = "__step";

/// The column that tells whether an event fits a term.
pub(crate) fn condition_column(term: &str) -> String {
    format!("__fits_{term}")
}

/// The column with one of the keys of an event that fits a term.
pub(crate) fn key_column(term: &str, key: usize) -> String {
    format!("__key_{term}_{key}")
}

/// One event of a sequence or sample, or one that must not be there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stage {
    /// The term that its columns are named after: several events can be of one term.
    pub term: String,
    /// Whether there must be no such event.
    pub missing: bool,
    /// For each key whether no value is a value too.
    pub optional_keys: Vec<bool>,
}

/// The rows of what was found, with the columns that number it and the events in it.
pub(super) fn picked(found: impl Iterator<Item = impl Iterator<Item = u32>>) -> Picked {
    let (mut picked, mut numbers, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for (number, rows) in (1..).zip(found) {
        for (step, row) in (0..).zip(rows) {
            picked.push(row);
            numbers.push(number);
            steps.push(step);
        }
    }
    let added: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(numbers)), Arc::new(Int64Array::from(steps))];
    Picked { rows: picked, added }
}

/// The columns of one term.
pub(super) struct Term {
    fits: BooleanArray,
    keys: Vec<ArrayRef>,
    optional_keys: Vec<bool>,
}

impl Term {
    pub fn of(rows: &RecordBatch, stage: &Stage) -> Result<Term> {
        let fits = find_column(rows, &condition_column(&stage.term))?.as_boolean().clone();
        let keys = 0..stage.optional_keys.len();
        let keys = keys.map(|key| find_column(rows, &key_column(&stage.term, key)).cloned());
        Ok(Term { fits, keys: keys.collect::<Result<_>>()?, optional_keys: stage.optional_keys.clone() })
    }

    pub fn fits(&self, row: usize) -> bool {
        self.fits.is_valid(row) && self.fits.value(row)
    }

    pub fn keys(&self, keys: &mut Keys, row: usize) -> Result<Vec<KeyId>> {
        keys.of_row(&self.keys, &self.optional_keys, row)
    }
}

pub(super) fn find_column<'b>(rows: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef> {
    rows.column_by_name(name).ok_or_else(|| exec_datafusion_err!("sequences and samples need the column {name}"))
}
