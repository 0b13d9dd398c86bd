//! Reports in the formats of other programs, and as HTML.
//!
//! | module | of | formats |
//! |---|---|---|
//! | [`findings`] | what detections found | NDJSON, CSV, OCSF, Timesketch, ATT&CK Navigator, SARIF, an HTML page |
//! | [`proofs`] | results of detections' tests | TAP, JUnit XML |
//! | [`comparison`] | differences between the versions of a detection | JSON, NDJSON, an HTML page |
//! | [`catalog`] | the detections themselves | Sigma, ATT&CK Navigator, SARIF |
//! | [`diagnostics`] | what is wrong with queries | JSON, SARIF |
//! | [`site`] | a catalogue and the results of its tests | a static web site |
//!
//! Pages are templates in `pages/`, rendered with `minijinja`. This is a crate of its own so that programs that run
//! detections do not build a template engine, a Markdown parser and writers of XML and CSV.
//!
//! ```
//! let catalog = mynah_detection::Catalog::built_in().unwrap();
//! let layer = mynah_report::catalog::navigator(&catalog);
//! assert_eq!(layer["domain"], "enterprise-attack");
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod catalog;
pub mod comparison;
pub mod diagnostics;
pub mod findings;
mod highlight;
mod markdown;
mod matrix;
mod navigator;
pub mod proofs;
mod raw_event;
mod sarif;
pub mod site;
mod templates;

pub use highlight::Tokens;
