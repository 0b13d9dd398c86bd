use crate::context::Context;
use crate::log::Attack;
use crate::random::Random;
use crate::source::Source;
use jiff::SignedDuration;
use mynah_event::Timestamp;

/// Of so many records in a row, exactly one is an attack's.
pub const ATTACK_EVERY: u64 = 1000;

/// One record.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The attack it is of.
    pub attack: Option<&'static Attack>,
    /// Its JSON, on one line, without the line's end.
    pub line: String,
}

/// The records of one log, without end: [take](Iterator::take) as many as are wanted.
#[derive(Debug, Clone)]
pub struct Generator {
    source: Source,
    context: Context,
    /// Decides the places of attacks, apart from the records so that neither disturbs the other.
    places: Random,
    place: u64,
}

impl Generator {
    /// The log of a source from a moment on.
    pub fn new(source: Source, seed: u64, start: Timestamp) -> Self {
        // Every moment that fits 64 bits of nanoseconds is one that jiff knows.
        let at =
            jiff::Timestamp::from_nanosecond(i128::from(start.nanoseconds())).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let context = Context { random: Random::new(seed), at, number: 0 };
        Generator { source, context, places: Random::new(seed ^ 0x6174_7461_636B), place: 0 }
    }
}

impl Iterator for Generator {
    type Item = Generated;

    fn next(&mut self) -> Option<Generated> {
        let (block, within) = (self.context.number / ATTACK_EVERY, self.context.number % ATTACK_EVERY);
        if within == 0 {
            self.place = self.places.below(ATTACK_EVERY);
        }
        let attacks = self.source.attacks();
        let turn = block % (attacks.len() as u64).max(1);
        let attack = (within == self.place).then(|| attacks.get(usize::try_from(turn).unwrap_or(0))).flatten();
        let log = self.source.log();
        let line = log.record(attack, &mut self.context);
        self.context.number += 1;
        let gap = self.context.random.below(2 * log.mean_gap_ms + 1);
        let gap = SignedDuration::from_millis(i64::try_from(gap).unwrap_or(0));
        self.context.at = self.context.at.checked_add(gap).unwrap_or(jiff::Timestamp::MAX);
        Some(Generated { attack, line })
    }
}
