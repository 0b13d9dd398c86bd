use super::fold::{Fold, fold};
use super::prelude::*;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use mynah_kernels::Cell;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "rate",
        usage: "rate(field)",
        summary: "How much the field grows in a second: its newest number less its oldest one, divided by the time between.",
        page: super::page::TIME,
        examples: &[Example { query: "rate(n)", result: "0.1" }],
    },
    aliases: &[],
    argument_optional: false,
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let state = vec![DataType::Float64; 4];
    let arguments = vec![call.value()?.into_number(), call.time()];
    Ok(Aggregate::plain(fold("spl_rate", Type::Number, state, arguments, Rate::default), Type::Number))
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
