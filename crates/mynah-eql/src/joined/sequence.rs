use super::absent::{Absent, Gap};
use super::keys::Keys;
use super::matcher::{Found, Matcher, Moment};
use super::term::{Stage, Term, find_column, picked};
use crate::names::TIMESTAMP;
use crate::plan::Step;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int64Type, UInt64Type};
use datafusion::common::Result;
use mynah_kernels::Picked;
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};

/// Finds sequences. Its input has `@timestamp` in milliseconds, the event's id, and for each term the columns
/// [`condition_column`] and [`key_column`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SequenceOperator {
    /// The terms, in order.
    pub stages: Vec<Stage>,
    /// The term that ends sequences.
    pub until: Option<Stage>,
    /// In milliseconds.
    pub maxspan: Option<i64>,
    /// Which of the sequences are wanted.
    pub pipes: Vec<Step>,
}

impl SequenceOperator {
    pub fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let sequences = self.cut(self.find(rows)?);
        Ok(picked(sequences.iter().map(|sequence| sequence.events.iter().map(|event| event.row))))
    }

    /// All sequences, in the order of their last events.
    fn find(&self, rows: &RecordBatch) -> Result<Vec<Found>> {
        let terms = self.stages.iter().map(|stage| Term::of(rows, stage)).collect::<Result<Vec<_>>>()?;
        let until = self.until.as_ref().map(|stage| Term::of(rows, stage)).transpose()?;
        let (mut present, mut missing, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        for (term, stage) in terms.iter().zip(&self.stages) {
            if stage.missing {
                gaps.push(Gap { before: present.len(), keys: stage.optional_keys.len() });
                missing.push(term);
            } else {
                present.push(term);
            }
        }
        let mut keys = Keys::default();
        let mut matcher = Matcher::new(present.len(), self.maxspan);
        let mut absent = Absent::new(gaps, present.len(), self.maxspan.unwrap_or(i64::MAX));
        let mut found = Vec::new();
        for at in in_order(rows)? {
            let row = at.row as usize;
            // The last step first: an event does not follow itself.
            for (step, term) in present.iter().enumerate().rev() {
                if term.fits(row) {
                    for key in term.keys(&mut keys, row)? {
                        found.extend(matcher.event(step, key, at));
                    }
                }
            }
            for (number, term) in missing.iter().enumerate() {
                if term.fits(row) {
                    for key in term.keys(&mut keys, row)? {
                        absent.event(number, key, at.time);
                    }
                }
            }
            if let Some(until) = until.as_ref().filter(|until| until.fits(row)) {
                for key in until.keys(&mut keys, row)? {
                    matcher.until(key);
                }
            }
        }
        found.retain(|sequence| absent.allows(sequence, &keys));
        Ok(found)
    }

    fn cut(&self, mut sequences: Vec<Found>) -> Vec<Found> {
        for pipe in &self.pipes {
            match *pipe {
                Step::Head(count) => sequences.truncate(count),
                Step::Tail(count) => drop(sequences.drain(..sequences.len().saturating_sub(count))),
            }
        }
        sequences
    }
}

/// The rows that have a time, in its order; events of one time as they stand in the logs.
fn in_order(rows: &RecordBatch) -> Result<Vec<Moment>> {
    let times = find_column(rows, TIMESTAMP)?.as_primitive::<Int64Type>();
    let ids = find_column(rows, EVENT_ID)?.as_primitive::<UInt64Type>();
    let mut order: Vec<(i64, u64, u32)> =
        times.iter().zip(ids.values()).zip(0..).filter_map(|((time, id), row)| Some((time?, *id, row))).collect();
    order.sort_unstable();
    Ok(order.into_iter().map(|(time, _, row)| Moment { time, row }).collect())
}
