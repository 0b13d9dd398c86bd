use super::keys::{KeyId, Keys};
use super::term::{Stage, Term, find_column, picked};
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::UInt64Type;
use datafusion::common::Result;
use mynah_kernels::Picked;
use mynah_view::EVENT_ID;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

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
    let mut chosen: Vec<u32> = Vec::with_capacity(lists.len());
    for (number, list) in lists.iter().enumerate() {
        // Whatever leaves something for all the others will do; without that look ahead, choices would be taken back
        // again and again.
        let behind = lists.get(number + 1..).unwrap_or(&[]);
        let leaves_enough = |item: u32| {
            let mut taken = chosen.clone();
            taken.push(item);
            can_choose(behind, &taken)
        };
        let item = list.iter().copied().find(|item| !chosen.contains(item) && leaves_enough(*item))?;
        chosen.push(item);
    }
    Some(chosen)
}

/// Whether there is one of each of the lists, no two of them the same and none of those that are taken.
fn can_choose(lists: &[Vec<u32>], taken: &[u32]) -> bool {
    /// Finds an item for a list, for which others may have to take another one of theirs.
    fn place(
        lists: &[Vec<u32>],
        taken: &[u32],
        list: usize,
        owners: &mut HashMap<u32, usize>,
        tried: &mut HashSet<u32>,
    ) -> bool {
        let Some(items) = lists.get(list) else { return false };
        for item in items {
            if taken.contains(item) || !tried.insert(*item) {
                continue;
            }
            let owner = owners.get(item).copied();
            if owner.is_none_or(|owner| place(lists, taken, owner, owners, tried)) {
                owners.insert(*item, list);
                return true;
            }
        }
        false
    }
    let mut owners = HashMap::new();
    (0..lists.len()).all(|list| place(lists, taken, list, &mut owners, &mut HashSet::new()))
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn each_list_gives_one_of_its_own() {
        let lists = |lists: &[&[u32]]| distinct(&lists.iter().map(|list| list.to_vec()).collect::<Vec<_>>());
        assert_eq!(lists(&[&[1, 2], &[1]]), Some(vec![2, 1]));
        assert_eq!(lists(&[&[1, 2], &[1, 2], &[2, 3]]), Some(vec![1, 2, 3]));
        assert_eq!(lists(&[&[1, 2], &[1, 2], &[1, 2]]), None);
        assert_eq!(lists(&[]), Some(Vec::new()));
    }

    #[test]
    fn many_lists_that_are_short_of_one_are_told_at_once() {
        let list: Vec<u32> = (0..63).collect();
        assert_eq!(distinct(&vec![list; 64]), None);
    }
}
