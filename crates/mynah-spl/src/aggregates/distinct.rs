//! Aggregates of a column's distinct values.

use super::fold::{Fold, fold, texts};
use crate::expression::{Type, Typed, cell_values};
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use mynah_kernels::Cell;
use std::collections::HashSet;

/// The distinct values, in the order of their characters.
pub(super) fn values(value: Typed) -> Expr {
    fold("spl_values", Type::Multi, vec![Type::Multi.data_type()], vec![value.expr], || Distinct {
        count: false,
        seen: HashSet::new(),
        bytes: 0,
    })
}

/// How many distinct values there are.
pub(super) fn count(value: Typed) -> Expr {
    fold("spl_dc", Type::Number, vec![Type::Multi.data_type()], vec![value.expr], || Distinct {
        count: true,
        seen: HashSet::new(),
        bytes: 0,
    })
}

#[derive(Debug)]
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
