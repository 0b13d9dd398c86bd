//! How much time one condition may take of a pass: a rule of somebody else's must not hold up all others.
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The processor time that was spent on all conditions.
#[derive(Debug, Default)]
pub(super) struct Budget {
    conditions: usize,
    spent: AtomicU64,
}

/// The processor time that was spent on one condition.
#[derive(Debug, Default)]
pub(super) struct Spent(AtomicU64);

/// So much every condition may take: what is quick in most logs may well be slow in large ones.
const FREE: Duration = Duration::from_secs(30);
/// Where there are fewer conditions than this, one of them may take most of the time without harm to the others.
const FEW: usize = 16;

impl Budget {
    /// For so many conditions.
    pub fn new(conditions: usize) -> Budget {
        Budget { conditions, spent: AtomicU64::new(0) }
    }

    /// Notes that a condition took so long on some events.
    pub fn spend(&self, spent: &Spent, time: Duration) {
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        spent.0.fetch_add(time, Ordering::Relaxed);
        self.spent.fetch_add(time, Ordering::Relaxed);
    }

    /// What a condition has taken by now, if that is more than it may: more than all others together, and so long that it
    /// matters.
    pub fn exceeded(&self, spent: &Spent) -> Option<Duration> {
        let (own, all) = (spent.0.load(Ordering::Relaxed), self.spent.load(Ordering::Relaxed));
        let own_time = Duration::from_nanos(own);
        (self.conditions >= FEW && own_time > FREE && own > all / 2).then_some(own_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_may_not_take_longer_than_all_others_together() {
        let (slow, others) = (Spent::default(), [(); 3].map(|()| Spent::default()));
        let budget = Budget::new(FEW);
        let spend = |spent: &Spent, times: u32| {
            budget.spend(spent, times * FREE);
            budget.exceeded(spent)
        };
        assert_eq!(spend(&slow, 1), None);
        for other in &others {
            assert_eq!(spend(other, 1), None);
        }
        assert_eq!(spend(&slow, 2), None);
        assert_eq!(spend(&slow, 1), Some(4 * FREE));
        assert_eq!(spend(&others[0], 1), None);
        // Of few conditions one may well be what the pass is for.
        let (alone, budget) = (Spent::default(), Budget::new(1));
        budget.spend(&alone, 9 * FREE);
        assert_eq!(budget.exceeded(&alone), None);
    }
}
