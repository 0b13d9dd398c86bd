//! Runs plans over logs.
//!
//! An [`Engine`] knows the data, the views and the site. It hands a query to its dialect
//! ([`Engine::plan`]), puts its own table in place of the plan's [`mynah_view::EventScan`], and executes
//! the plan with DataFusion: [`Engine::rows`] for the rows, [`Engine::events`] for the events behind them.
//!
//! ```no_run
//! use mynah_engine::{Engine, Options};
//! use mynah_event::Platform;
//!
//! let engine = Engine::new(Options::default(), &["logs/".to_owned()])?;
//! for problem in engine.problems() {
//!     eprintln!("{problem}");
//! }
//! # let frontend: &dyn mynah_dialect::Frontend = unimplemented!();
//! let planned = engine.plan(frontend, "any where true", mynah_dialect::Mode::Run);
//! if let Some(plan) = planned.plan {
//!     engine.rows(plan, |batch| {
//!         println!("{} rows", batch.num_rows());
//!         Ok(())
//!     })?;
//! }
//! # Ok::<(), mynah_engine::EngineError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod clock;
mod engine;
mod error;
mod event_table;
mod extract;
mod feed;
mod gathered;
mod prefilter;
mod progress;
mod provenance;
mod raw_events;
mod scan;
mod scan_exec;
mod units;

pub use engine::{Engine, Options};
pub use error::EngineError;
pub use gathered::Gathered;
pub use progress::{Progress, Summary};
pub use raw_events::RawEvent;
