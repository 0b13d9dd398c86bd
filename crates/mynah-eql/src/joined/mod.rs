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

pub(crate) use sample::{SAMPLE, SampleOperator};
pub(crate) use sequence::{SEQUENCE, SequenceOperator};
pub(crate) use term::{STEP, Stage, condition_column, key_column};
