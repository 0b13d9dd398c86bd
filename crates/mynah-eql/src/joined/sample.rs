use super::keys::{KeyId, Keys};
use super::term::{Stage, Term, find_column, picked};
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::UInt64Type;
use datafusion::common::Result;
use mynah_kernels::Picked;
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Finds samples: for each key that some event has for every term, one event for each term, in whatever order
/// they happened. Its input has the event's id, and the columns of the terms.
///
/// <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-samples>
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SampleOperator {
    /// The terms, in order.
    pub stages: Vec<Stage>,
}

impl SampleOperator {
    pub fn pick(&self, rows: &RecordBatch) -> Result<Picked> {
        let terms = self.stages.iter().map(|stage| Term::of(rows, stage)).collect::<Result<Vec<_>>>()?;
        let ids = find_column(rows, EVENT_ID)?.as_primitive::<UInt64Type>();
        let mut order: Vec<(u64, u32)> = ids.values().iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut keys = Keys::default();
        let mut candidates: HashMap<KeyId, Vec<Vec<u32>>> = HashMap::new();
        for (_, row) in order {
            for (number, term) in terms.iter().enumerate().filter(|(_, term)| term.fits(row as usize)) {
                for key in term.keys(&mut keys, row as usize)? {
                    let of_key = candidates.entry(key).or_insert_with(|| vec![Vec::new(); terms.len()]);
                    // With as many as there are terms, one is left that no other term has taken.
                    if let Some(of_term) = of_key.get_mut(number).filter(|of_term| of_term.len() < terms.len()) {
                        of_term.push(row);
                    }
                }
            }
        }
        let mut samples: Vec<(KeyId, Vec<u32>)> =
            candidates.into_iter().filter_map(|(key, of_terms)| Some((key, distinct(&of_terms)?))).collect();
        samples.sort_by(|(left, _), (right, _)| keys.values(*left).cmp(keys.values(*right)));
        Ok(picked(samples.iter().map(|(_, rows)| rows.iter().copied())))
    }
}

/// One of each of the lists, no two of them the same: the first there is, if there is one.
fn distinct(lists: &[Vec<u32>]) -> Option<Vec<u32>> {
    fn choose(lists: &[Vec<u32>], chosen: &mut Vec<u32>) -> bool {
        let Some(list) = lists.get(chosen.len()) else { return true };
        for item in list {
            if !chosen.contains(item) {
                chosen.push(*item);
                if choose(lists, chosen) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }
    let mut chosen = Vec::with_capacity(lists.len());
    choose(lists, &mut chosen).then_some(chosen)
}
