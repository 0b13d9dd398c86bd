use super::fold::{Fold, fold, texts};
use super::prelude::*;
use crate::expression::cell_values;
use crate::functions::mixed_order::compare;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use mynah_kernels::Cell;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mode",
        usage: "mode(field)",
        summary: "The most frequent value; of equally frequent ones the least.",
        page: super::page::AGGREGATE,
        examples: &[Example { query: "mode(x)", result: "b" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let ty = call.value()?.ty;
    let state = vec![Type::Multi.data_type(), DataType::List(Arc::new(Field::new_list_field(DataType::Float64, true)))];
    Ok(match ty {
        Type::Number => Aggregate {
            call: fold("spl_mode", Type::Text, state, vec![call.value()?.into_text()], Mode::default),
            ty: Type::Number,
            finish: |text| Typed::new(text, Type::Text).into_number(),
            over_window: None,
        },
        _ => Aggregate::plain(fold("spl_mode", Type::Text, state, vec![call.value()?.expr], Mode::default), Type::Text),
    })
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
        let best = self.0.iter().max_by(|left, right| left.1.total_cmp(right.1).then_with(|| compare(right.0, left.0)));
        ScalarValue::Utf8(best.map(|(value, _)| value.clone()))
    }

    fn size(&self) -> usize {
        self.0.keys().map(|value| value.len() + 40).sum()
    }
}
