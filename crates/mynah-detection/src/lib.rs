//! Detections that prove themselves.
//!
//! A *detection* is a folder, a [`Package`]: `detection.yaml`, one query per dialect, logs that show what each must
//! find and what it must leave alone, and the texts that a responder needs. `docs/detections.md` teaches the format.
//!
//! - [`Catalog`]: the packages that come with Mynah, or those of a folder.
//! - [`prove`]: runs a package's tests; [`Proof`] says what each version found and should have found.
//! - [`detect`]: runs packages over logs as their schedules would, and gives each [`Finding`] once.
//! - [`compare`]: which events only some versions of a detection find, and the clauses that made it so.
//! - [`site`]: a catalogue as pages.
//! - [`report`]: findings and proofs in the formats of other programs.
//!
//! The queries' languages are handed in as a function from [`mynah_event::Dialect`] to its front end, so that this crate
//! knows none of them.
//!
//! ```
//! let catalog = mynah_detection::Catalog::built_in().unwrap();
//! let package = catalog.find("T1021.007").unwrap();
//! assert_eq!(package.manifest.level.name(), "high");
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod attack;
mod catalog;
mod clause;
mod compare;
mod facts;
mod finding;
mod package;
mod proof;
mod replay;
pub mod report;
pub mod site;
mod tuning;
mod version;

pub use catalog::Catalog;
pub use compare::{Comparison, Disagreement, Side, compare};
pub use finding::{EventRef, Finding};
pub use package::{
    Atomic, Behaviour, Command, Confidence, Difference, Duration, Exception, Exceptions, Falsifier, Files, Hunt, Level,
    Manifest, OneOrMany, Package, PackageError, Records, Schedule, Signal, Status, Test, Version, is_part_of_package,
};
pub use proof::{Check, Outcome, Proof, prove};
pub use replay::{Detected, detect};
pub use version::{Frontends, VersionError};
