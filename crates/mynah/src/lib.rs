//! Runs any SIEM's detection, as its author wrote it, over raw logs.
//!
//! ```
//! use mynah::{Dialect, Mynah};
//!
//! let mynah = Mynah::builder().data("../../examples/logs").build()?;
//! let query = mynah.query("any where event.action == \"StopLogging\"", Dialect::Eql)?;
//! for row in query.rows()? {
//!     assert_eq!(row.text("event.action").as_deref(), Some("StopLogging"));
//!     println!("{row}");
//! }
//! # Ok::<(), mynah::Error>(())
//! ```
//!
//! - [`Mynah`] is made by a [`Builder`] from data and the [`Settings`] of a site.
//! - [`Mynah::query`] plans a query; a [`Query`] gives rows, Arrow batches or the raw events behind the rows.
//! - [`Mynah::check`] parses and lints without data; [`Mynah::explain`] shows a plan and where its fields come from.
//! - [`Mynah::detect`], [`Mynah::prove`] and [`Mynah::compare`] work with the packages of a [`Catalog`]; [`Mynah::evidence`]
//!   says which conditions the events of findings fulfil.
//!
//! `docs/library.md` has more examples. The `mynah` command is a thin shell over this crate, and `mynah-report` writes
//! findings and diagnostics in the formats of other programs.
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod dialects;
mod elastic;
mod error;
mod explain;
mod hint;
mod hunting;
mod lakes;
mod query;
mod query_file;
mod regression;
mod rules;
mod runner;
mod settings;
mod together;
pub mod value;

pub use dialects::{frontend, tokens};
pub use error::Error;
pub use explain::{Explanation, Field};
pub use query::{Query, Row, Rows};
pub use query_file::QueryFile;
pub use rules::{NotLoaded, Rules, in_file, place};
pub use runner::{Builder, Mynah};
pub use settings::Settings;
pub use together::Together;

pub use mynah_detection::{Catalog, Comparison, Detected, Finding, Hunting, Package, Proof, Status};
pub use mynah_dialect::MISSPELT_CONSTANT;
pub use mynah_engine::{
    Engine, EngineError, Histogram, Hosts, Inspected, Inspection, Overview, Progress, RawEvent, Seen, Summary,
    in_parallel, why,
};
pub use mynah_event::{Dialect, LogSource, Platform, Timestamp};
pub use mynah_syntax::{Diagnostic, Severity, nearest};

/// The examples of `docs/library.md`, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/library.md")]
struct LibraryPage;
