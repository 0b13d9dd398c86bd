//! Runs plans over logs.
//!
//! An [`Engine`] knows the data, the views and the site. It hands a query to its dialect
//! ([`Engine::plan`]), and executes the plan ([`Engine::execute`]), as often as wanted: it executes the query's stages, binds
//! the clock, puts its own table in place of the plan's [`mynah_view::EventScan`], and gives rows or the events behind them.
//!
//! ```no_run
//! use mynah_engine::{Engine, Options, Query};
//! use mynah_event::Platform;
//!
//! let engine = Engine::new(Options::default(), &["logs/".to_owned()])?;
//! for problem in engine.problems() {
//!     eprintln!("{problem}");
//! }
//! # let frontend: &dyn mynah_dialect::Frontend = unimplemented!();
//! let planned = engine.plan(frontend, "any where true", mynah_dialect::Mode::Run);
//! if let Some(plan) = planned.plan {
//!     engine.execute(Query::new(frontend, "any where true", plan)).rows(|batch| {
//!         println!("{} rows", batch.num_rows());
//!         Ok(())
//!     })?;
//! }
//! # Ok::<(), mynah_engine::EngineError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod balance;
mod builtin;
mod census;
mod clock;
pub mod codec;
mod engine;
mod error;
mod event_table;
mod execution;
mod extract;
mod feed;
mod flatten;
mod gathered;
mod held;
mod matching;
mod prefilter;
mod progress;
mod provenance;
mod raw_events;
mod repeated_projections;
mod scan;
mod scan_exec;
mod several;
mod span;
mod store;
mod threads;
mod units;
mod unmarked;
pub mod why;

pub use census::{Histogram, Hosts, Inspected, Inspection, Overview, Seen};
pub use engine::{Engine, Options};
pub use error::EngineError;
pub use execution::{Execution, Query};
pub use flatten::Flattener;
pub use gathered::{Gathered, Wanted};
pub use matching::{Conditions, Matched};
pub use progress::{Progress, Summary};
pub use raw_events::RawEvent;
pub use store::{Store, StorePart};
pub use threads::in_parallel;
