//! Detections as packages: loading, testing, running and comparing them.
//!
//! A *detection* is a folder, a [`Package`]: `detection.yaml`, one query per dialect, logs with what each query must and
//! must not find, and the texts that a responder needs. `docs/detections.md` describes the format.
//!
//! - [`Catalog`]: the built-in packages, or those of a folder.
//! - [`prove`]: runs a package's tests; [`Proof`] has the results.
//! - [`detect`]: runs packages over logs as their schedules would, and reports each [`Finding`] once.
//! - [`evidence`]: the conditions that the events of findings fulfil.
//! - [`Hunting`]: queries that show an analyst what to look through, with their tests.
//! - [`compare`]: the events that only some versions of a detection find, and the clauses that decided.
//! - [`attack`]: the tactics and techniques of ATT&CK.
//!
//! Reports and the HTML site are in `mynah-report`: a program that runs detections needs no templates. The queries'
//! languages are passed as a function from [`mynah_event::Dialect`] to its front end, so this crate depends on none of them.
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
mod check;
mod clause;
mod compare;
mod evidence;
mod facts;
mod files;
mod finding;
mod group;
mod hunting;
mod manifest;
mod package;
mod proof;
mod replay;
mod tuning;
mod version;

pub use catalog::Catalog;
pub use clause::Side;
pub use compare::{Comparison, Disagreement, compare};
pub use evidence::{Evidence, Reason, evidence};
pub use files::{Files, PackageError};
pub use finding::{About, EventRef, Finding};
pub use hunting::{HuntQuery, HuntTest, Hunting};
pub use manifest::{
    Atomic, Behaviour, Command, Confidence, Difference, Duration, Exception, Exceptions, Falsifier, Hunt, Level,
    Manifest, OneOrMany, Records, Schedule, Signal, Status, Test, Version,
};
pub use package::{MANIFEST, Package, is_part_of_package};
pub use proof::{Check, Outcome, Proof, prove};
pub use replay::{Detected, Refused, detect, read_raw_events};
pub use version::{Frontends, VersionError};
