use super::absent::{Absent, Gap};
use super::keys::Keys;
use super::matcher::{Found, Matcher, Moment};
use crate::names::TIMESTAMP;
use crate::plan::Step;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, UInt64Type};
use datafusion::common::{Result, exec_datafusion_err};
use mynah_kernels::{Picked, WholeRows};
use mynah_view::EVENT_ID;
use std::sync::Arc;

/// The column with the number of an event's sequence, from 1.
pub(crate) const SEQUENCE: &str = "sequence";

/// The column with the number of the event in its sequence, from 0.
pub(crate) const STEP: &str = "__step";

/// The column that tells whether an event fits a term.
pub(crate) fn condition_column(term: &str) -> String {
    format!("__fits_{term}")
}

/// The column with one of the keys of an event that fits a term.
pub(crate) fn key_column(term: &str, key: usize) -> String {
    format!("__key_{term}_{key}")
}

/// One event of a sequence, or one that must not be there.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The term that its columns are named after: several events can be of one term.
    pub term: String,
    /// Whether there must be no such event.
    pub missing: bool,
    /// For each key whether no value is a value too.
    pub optional_keys: Vec<bool>,
}

/// Finds sequences. Its input has `@timestamp` in milliseconds, the event's id, and for each term the columns
/// [`condition_column`] and [`key_column`].
#[derive(Debug)]
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

impl WholeRows for SequenceOperator {
    fn name(&self) -> &str {
        "Sequence"
    }

    fn added(&self) -> Vec<Field> {
        vec![Field::new(SEQUENCE, DataType::Int64, false), Field::new(STEP, DataType::Int64, false)]
    }

    fn together(&self) -> Option<&str> {
        Some(SEQUENCE)
    }

    fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let sequences = self.cut(self.find(rows)?);
        let (mut picked, mut numbers, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        for (number, sequence) in (1..).zip(&sequences) {
            for (step, event) in (0..).zip(&sequence.events) {
                picked.push(event.row);
                numbers.push(number);
                steps.push(step);
            }
        }
        let added: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(numbers)), Arc::new(Int64Array::from(steps))];
        Ok(Picked { rows: picked, added })
    }
}

/// The columns of one term.
struct Term {
    fits: BooleanArray,
    keys: Vec<ArrayRef>,
    optional_keys: Vec<bool>,
}

impl Term {
    fn of(rows: &RecordBatch, stage: &Stage) -> Result<Term> {
        let fits = find_column(rows, &condition_column(&stage.term))?.as_boolean().clone();
        let keys = 0..stage.optional_keys.len();
        let keys = keys.map(|key| find_column(rows, &key_column(&stage.term, key)).cloned());
        Ok(Term { fits, keys: keys.collect::<Result<_>>()?, optional_keys: stage.optional_keys.clone() })
    }

    fn fits(&self, row: usize) -> bool {
        self.fits.is_valid(row) && self.fits.value(row)
    }

    fn keys(&self, keys: &mut Keys, row: usize) -> Result<Vec<super::keys::KeyId>> {
        keys.of_row(&self.keys, &self.optional_keys, row)
    }
}

impl SequenceOperator {
    /// All sequences, in the order of their last events.
    fn find(&self, rows: &RecordBatch) -> Result<Vec<Found>> {
        let terms = self.stages.iter().map(|stage| Term::of(rows, stage)).collect::<Result<Vec<_>>>()?;
        let until = self.until.as_ref().map(|stage| Term::of(rows, stage)).transpose()?;
        let present: Vec<&Term> =
            terms.iter().zip(&self.stages).filter(|(_, stage)| !stage.missing).map(|(term, _)| term).collect();
        let mut absent_terms: Vec<&Term> = Vec::new();
        let mut gaps = Vec::new();
        let mut steps = 0;
        for (term, stage) in terms.iter().zip(&self.stages) {
            if stage.missing {
                absent_terms.push(term);
                gaps.push(Gap { before: steps, keys: stage.optional_keys.len() });
            } else {
                steps += 1;
            }
        }
        let mut keys = Keys::default();
        let mut matcher = Matcher::new(steps, self.maxspan);
        let mut absent = Absent::new(gaps, steps, self.maxspan.unwrap_or(i64::MAX));
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
            for (number, term) in absent_terms.iter().enumerate() {
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

fn find_column<'b>(rows: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef> {
    rows.column_by_name(name).ok_or_else(|| exec_datafusion_err!("a sequence needs the column {name}"))
}
