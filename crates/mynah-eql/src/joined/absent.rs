//! Events that must not be there: `![ … ]`.
use super::keys::{KeyId, Keys};
use super::matcher::Found;
use std::collections::HashMap;

/// The events of the terms that must not be there, and which sequences they spoil.
///
/// What lies between two events of a sequence must be free of them. Before its first event and after its last one it is
/// enough if there is a stretch of time as long as the longest a sequence may be, the whole sequence in it, without one.
#[derive(Debug)]
pub(super) struct Absent {
    /// Where each term stands.
    gaps: Vec<Gap>,
    /// How many events a sequence has.
    steps: usize,
    maxspan: i64,
    /// The times of a term's events by key, in order.
    times: HashMap<(usize, KeyId), Vec<i64>>,
}

/// Where a term stands that must not be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    /// The number of the sequence's event that comes after it.
    pub before: usize,
    /// How many keys it has: as many as the sequence, or fewer, which then are the first ones of it.
    pub keys: usize,
}

impl Absent {
    /// Of terms in a sequence of `steps` events.
    pub fn new(gaps: Vec<Gap>, steps: usize, maxspan: i64) -> Self {
        Absent { gaps, steps, maxspan, times: HashMap::new() }
    }

    /// An event of a term. Must be told of in the order of time.
    pub fn event(&mut self, term: usize, key: KeyId, time: i64) {
        self.times.entry((term, key)).or_default().push(time);
    }

    /// Whether a sequence stands, all events being told of.
    pub fn allows(&self, sequence: &Found, keys: &Keys) -> bool {
        let (Some(start), Some(end)) = (sequence.start(), sequence.end()) else { return false };
        let (mut leads, mut trails) = (false, false);
        let (mut last_before, mut first_after): (Option<i64>, Option<i64>) = (None, None);
        for (term, gap) in self.gaps.iter().enumerate() {
            let key = keys.beginning(sequence.key, gap.keys);
            let times = key.and_then(|key| self.times.get(&(term, key))).map_or(&[][..], Vec::as_slice);
            if gap.before == 0 {
                leads = true;
                let earlier = times.partition_point(|time| *time < start.time);
                last_before = last_before.max(earlier.checked_sub(1).and_then(|last| times.get(last)).copied());
            } else if gap.before == self.steps {
                trails = true;
                let first = times.get(times.partition_point(|time| *time <= end.time)).copied();
                first_after = [first_after, first].into_iter().flatten().min();
            } else {
                let around = (sequence.events.get(gap.before - 1), sequence.events.get(gap.before));
                let (Some(from), Some(to)) = around else { return false };
                let next = times.get(times.partition_point(|time| *time <= from.time));
                if next.is_some_and(|time| *time < to.time) {
                    return false;
                }
            }
        }
        match (leads, trails) {
            (false, false) => true,
            (true, false) => last_before.is_none_or(|before| end.time - before > self.maxspan),
            (false, true) => first_after.is_none_or(|after| after - start.time > self.maxspan),
            (true, true) => match (last_before, first_after) {
                (Some(before), Some(after)) => after - before > self.maxspan,
                _ => true,
            },
        }
    }
}
