//! Splunk's Search Processing Language.
//!
//! [`Spl`] is the [`Frontend`](mynah_dialect::Frontend): it expands macros, splits a query into commands, parses each
//! and lowers them one after the other to a DataFusion plan. [`load_app`] reads a Splunk app's macros and lookups
//! into a [`Site`](mynah_dialect::Site).
//!
//! ```text
//! query ─▶ pipeline (macros, split) ─▶ commands (search, eval, stats, ...) ─▶ plan
//!                                         │          │         │
//!                                      search   expression  aggregates
//! ```
//!
//! ```
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_event::Platform;
//! use mynah_spl::Spl;
//!
//! let catalog = mynah_view::Catalog::built_in()?;
//! let view = catalog.platform(Platform::Splunk)?;
//! let (site, stages) = (Site::default(), Stages::without_data());
//! let context =
//!     PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages };
//! let planned = Spl.plan("index=aws eventName=ConsoleLogin | stats count by sourceIPAddress", &context);
//! let columns = planned.plan.map(|plan| plan.first().schema().field_names());
//! assert_eq!(columns, Some(vec!["sourceIPAddress".to_owned(), "count".to_owned()]));
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod aggregates;
mod analysis;
mod app;
mod commands;
mod datamodel;
pub mod expression;
mod frontend;
pub mod functions;
mod lint;
mod pipeline;
mod plan;
mod search;
mod table;

pub use analysis::tokens;
pub use app::{AppError, load_app, load_content, stanzas};
pub use frontend::{Spl, lint, parse, plan};
pub use pipeline::{Pipeline, Query, Step};
