//! Sequences of events: the operator that finds them among the events that can be part of one.
//!
//! Its meaning is that of Elasticsearch:
//! <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-sequences>.
mod absent;
mod keys;
mod matcher;
mod operator;
#[cfg(test)]
mod tests;

pub(crate) use operator::{SEQUENCE, STEP, SequenceOperator, Stage, condition_column, key_column};
