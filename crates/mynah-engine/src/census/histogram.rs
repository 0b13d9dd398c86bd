use mynah_event::Timestamp;
use std::collections::BTreeMap;

/// How many milliseconds an hour has.
const HOUR: i64 = 3_600_000;
/// How many cells are kept. Of records that are spread wider, cells are made wider.
const MOST: usize = 10_000;

/// How many records there are over time: by the hour, as long as that takes no more than some thousand cells, then by the day, then by
/// several days.
///
/// ```
/// use mynah_engine::Histogram;
/// use mynah_event::Timestamp;
///
/// let mut records = Histogram::default();
/// for time in ["2026-03-14T12:10:00Z", "2026-03-14T12:50:00Z", "2026-03-15T09:00:00Z"] {
///     records.add(Timestamp::parse(time).unwrap());
/// }
/// let day = |text| Timestamp::parse(text).unwrap();
/// let days: Vec<_> = records.days().collect();
/// assert_eq!(days, [(day("2026-03-14T00:00:00Z"), 2), (day("2026-03-15T00:00:00Z"), 1)]);
/// assert_eq!(records.spread(day("2026-03-14T00:00:00Z"), day("2026-03-16T00:00:00Z"), 4), [0, 2, 1, 0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// How many hours a cell has.
    hours: i64,
    /// By the number of the cell since 1970.
    cells: BTreeMap<i64, u64>,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { hours: 1, cells: BTreeMap::new() }
    }
}

impl Histogram {
    /// One more record.
    pub fn add(&mut self, time: Timestamp) {
        let cell = time.milliseconds().div_euclid(self.hours * HOUR);
        *self.cells.entry(cell).or_default() += 1;
        self.shrink();
    }

    /// With what was counted elsewhere.
    pub fn merge(&mut self, mut other: Histogram) {
        while self.hours < other.hours {
            self.widen();
        }
        while other.hours < self.hours {
            other.widen();
        }
        for (cell, count) in other.cells {
            *self.cells.entry(cell).or_default() += count;
        }
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.cells.len() > MOST {
            self.widen();
        }
    }

    fn widen(&mut self) {
        let times = if self.hours == 1 { 24 } else { 2 };
        self.hours *= times;
        for (cell, count) in std::mem::take(&mut self.cells) {
            *self.cells.entry(cell.div_euclid(times)).or_default() += count;
        }
    }

    /// How many days a count of [`Histogram::days`] is of: one, unless the records are spread over thousands of days.
    pub fn width_in_days(&self) -> i64 {
        (self.hours / 24).max(1)
    }

    /// How many records each day has, or each stretch of [`Histogram::width_in_days`] that begins then; those that have any, in
    /// their order.
    pub fn days(&self) -> impl Iterator<Item = (Timestamp, u64)> {
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        let day = 24 * HOUR;
        for (cell, count) in &self.cells {
            let start = cell.saturating_mul(self.hours * HOUR).div_euclid(day);
            *days.entry(start).or_default() += count;
        }
        days.into_iter().map(move |(start, count)| (Timestamp::from_milliseconds(start.saturating_mul(day)), count))
    }

    /// When the first and the last of its cells begin that lie between two moments.
    pub fn within(&self, from: Timestamp, to: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let width = self.hours * HOUR;
        let times = self.cells.keys().map(|cell| Timestamp::from_milliseconds(cell.saturating_mul(width)));
        let mut times = times.filter(|time| (from..=to).contains(time));
        let first = times.next()?;
        Some((first, times.next_back().unwrap_or(first)))
    }

    /// How many records there are in each of so many equal parts of the time from one moment up to, not including, another.
    pub fn spread(&self, from: Timestamp, to: Timestamp, parts: usize) -> Vec<u64> {
        let mut counts = vec![0; parts];
        let (from, to) = (from.milliseconds(), to.milliseconds());
        let span = i128::from(to) - i128::from(from);
        for (cell, count) in &self.cells {
            // The middle of the cell stands for it, so that cells and parts need not begin together.
            let at = i128::from(*cell) * i128::from(self.hours * HOUR) + i128::from(self.hours * HOUR / 2)
                - i128::from(from);
            let part = if span > 0 && at >= 0 { usize::try_from(at * parts as i128 / span).ok() } else { None };
            if let Some(counted) = part.and_then(|part| counts.get_mut(part)) {
                *counted += count;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spread_wide_has_wider_cells_and_loses_nothing() {
        let mut histogram = Histogram::default();
        for day in 0..39_000_i64 {
            histogram.add(Timestamp::from_milliseconds(day * 24 * HOUR));
        }
        assert!(histogram.cells.len() <= MOST);
        assert_eq!(histogram.width_in_days(), 4);
        assert_eq!(histogram.days().map(|(_, count)| count).sum::<u64>(), 39_000);
        let mut narrow = Histogram::default();
        narrow.add(Timestamp::from_milliseconds(-1));
        narrow.merge(histogram.clone());
        assert_eq!((narrow.width_in_days(), narrow.days().map(|(_, count)| count).sum::<u64>()), (4, 39_001));
        assert_eq!(narrow.days().next(), Some((Timestamp::from_milliseconds(-4 * 24 * HOUR), 1)));
    }
}
