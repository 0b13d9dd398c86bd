use super::keys::KeyId;
use std::collections::HashMap;

/// Where an event stands: its time in milliseconds, and its place among the events of the run in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub time: i64,
    pub row: u32,
}

/// A sequence, whole or on its way: its events so far, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub key: KeyId,
    pub events: Vec<Moment>,
}

impl Found {
    pub fn start(&self) -> Option<Moment> {
        self.events.first().copied()
    }

    pub fn end(&self) -> Option<Moment> {
        self.events.last().copied()
    }
}

/// Follows sequences through their steps. Is told of events in the order of their time.
///
/// Of the sequences with one key that wait for the same step there is one at most: a new one takes the place of the
/// old, and whichever event comes next continues the newest.
#[derive(Debug)]
pub(super) struct Matcher {
    /// How many events a sequence has.
    steps: usize,
    /// How many milliseconds there may be from the first event to the last.
    maxspan: Option<i64>,
    /// For each key, by the step that comes next, the sequence that waits for it.
    waiting: HashMap<KeyId, Vec<Option<Found>>>,
}

impl Matcher {
    pub fn new(steps: usize, maxspan: Option<i64>) -> Self {
        Matcher { steps, maxspan, waiting: HashMap::new() }
    }

    /// An event that can be the one of this step in a sequence of this key. Gives the sequence that it completes.
    ///
    /// An event that fits several steps must be told of for the last one first, so that it does not follow itself.
    pub fn event(&mut self, step: usize, key: KeyId, at: Moment) -> Option<Found> {
        let sequence = if step == 0 {
            Found { key, events: vec![at] }
        } else {
            // Whether it is in time or not, it waits no more.
            let mut sequence = self.waiting.get_mut(&key)?.get_mut(step)?.take()?;
            let start = sequence.start()?;
            if self.maxspan.is_some_and(|longest| at.time.saturating_sub(start.time) > longest) {
                return None;
            }
            sequence.events.push(at);
            sequence
        };
        if step + 1 == self.steps {
            return Some(sequence);
        }
        let waiting = self.waiting.entry(key).or_insert_with(|| vec![None; self.steps]);
        if let Some(place) = waiting.get_mut(step + 1) {
            *place = Some(sequence);
        }
        None
    }

    /// An event that ends whatever is under way with this key.
    pub fn until(&mut self, key: KeyId) {
        self.waiting.remove(&key);
    }
}
