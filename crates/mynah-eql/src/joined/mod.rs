//! Events that belong together: the operators that find sequences and samples among the events that can be part of one.
//!
//! Their meaning is that of Elasticsearch:
//! <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-sequences>.
mod absent;
mod keys;
mod matcher;
mod sample;
mod sequence;
mod term;
#[cfg(test)]
mod tests;

pub(crate) use sample::SampleOperator;
pub(crate) use sequence::SequenceOperator;
pub(crate) use term::{NUMBER, STEP, Stage, condition_column, key_column};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::Result;
use mynah_kernels::{Picked, WholeRows};
use serde::{Deserialize, Serialize};

/// What puts the events together.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Operator {
    Sequence(SequenceOperator),
    Sample(SampleOperator),
}

impl Operator {
    /// What the number of an event's sequence or sample is called where it is shown.
    pub fn number(&self) -> &'static str {
        match self {
            Operator::Sequence(_) => "sequence",
            Operator::Sample(_) => "sample",
        }
    }
}

impl WholeRows for Operator {
    const NAME: &'static str = "eql.joined";

    fn title(&self) -> &str {
        match self {
            Operator::Sequence(_) => "Sequence",
            Operator::Sample(_) => "Sample",
        }
    }

    fn added(&self) -> Vec<Field> {
        [NUMBER, STEP].map(|name| Field::new(name, DataType::Int64, false)).to_vec()
    }

    fn together(&self) -> Option<&str> {
        Some(NUMBER)
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        match self {
            Operator::Sequence(sequence) => sequence.pick(rows),
            Operator::Sample(sample) => sample.pick(rows),
        }
    }
}
