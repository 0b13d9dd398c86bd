//! The least or greatest value of a column of texts, by the order of `min` and `max`.

use super::fold::{Fold, fold};
use crate::expression::{Type, Typed, cell_values};
use crate::functions::mixed_order::compare;
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use mynah_kernels::Cell;
use std::cmp::Ordering;

/// The value that is `better` than all others.
pub(super) fn extreme(name: &'static str, value: Typed, better: fn(Ordering) -> bool) -> Expr {
    fold(name, Type::Text, vec![Type::Text.data_type()], vec![value.expr], move || Extreme { best: None, better })
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
            if self.best.as_ref().is_none_or(|best| (self.better)(compare(&value, best))) {
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
