//! Logs in the shape of real ones, with known attacks in them: for benchmarks that anyone can repeat, and for
//! trying a query where there are no logs at hand.
//!
//! Everything in them is made up: accounts, people, hosts (`example.com`) and addresses (the networks that are
//! kept for documentation). Names of fields, their order and their types are those of the real log source, and
//! so is the mean size of a record. Logs are data: `logs/LOGSOURCE.toml`.
//!
//! The same [`Source`], seed and start give the same bytes on every machine, and a longer log begins with the
//! shorter one. Of each [`ATTACK_EVERY`] records exactly one is an attack's, at a place that the seed decides;
//! the attacks of a source ([`Source::attacks`]) take turns. Each has a [`sign`](Attack::sign): a text that its
//! records hold and no others do, so that it is known what a query must find.
//!
//! ```
//! use mynah_event::Timestamp;
//! use mynah_generate::{Generator, Source};
//!
//! let start = Timestamp::parse("2026-01-05T08:00:00Z").unwrap();
//! let records: Vec<_> = Generator::new(Source::CloudTrail, 7, start).take(4000).collect();
//! let attacks: Vec<_> = records.iter().filter_map(|record| record.attack).collect();
//! assert_eq!(attacks.len(), 4);
//! assert_eq!(attacks[0].name, "logging stopped");
//! assert!(records.iter().any(|record| record.line.contains(&attacks[0].sign)));
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod context;
mod draw;
mod evtx;
mod generator;
mod log;
mod random;
mod source;

pub use evtx::{EvtxError, evtx};
pub use generator::{ATTACK_EVERY, Generated, Generator};
pub use log::Attack;
pub use source::{Source, UnknownSource};
