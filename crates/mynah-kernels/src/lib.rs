//! What all dialects share behind: matching text, time formats, and the means to write functions, all
//! as DataFusion functions over Arrow columns.
//!
//! - [`text_match`]: wildcards, equality and sets of values, with or without case ([`Matcher`]). The engine
//!   recognises it in a plan and derives from it which bytes a matching record must hold.
//! - [`regex_match`]: regular expressions, in linear time.
//! - [`cidr_match`]: IP addresses in networks.
//! - [`row_function`]: a function written as a closure over one row's [`Cell`]s, for everything that is
//!   not a predicate on the hot path.
//! - [`java_time`]: the date patterns of Java's `SimpleDateFormat`, which QRadar and Sumo Logic use.
//! - [`whole_rows`]: an operator over all rows at once, for what DataFusion's own cannot say.
//! - [`calendar`]: the names of days and months.
//! - [`json`]: values of a JSON text by path.
//!
//! ```
//! use datafusion::prelude::{col, lit};
//! use mynah_kernels::{Case, Matcher, WildcardSyntax, text_match};
//!
//! let shells = Matcher::wildcards(["*\\cmd.exe", "*\\powershell.exe"], WildcardSyntax::STARS, Case::Folded);
//! assert!(shells.matches(r"C:\Windows\System32\CMD.EXE"));
//! let predicate = text_match(shells, col("image"));
//! assert!(predicate.to_string().contains("image"));
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod calendar;
mod cidr;
pub mod java_time;
pub mod json;
mod matcher;
mod pattern;
mod regex_match;
mod row;
mod text_match;
mod texts;
mod whole_rows;

pub use cidr::{Network, cidr_match};
pub use matcher::{Case, Matcher};
pub use pattern::{Pattern, Piece, WildcardSyntax};
pub use regex_match::{RegexMatch, regex_match};
pub use row::{Cell, cell, row_function, row_function_volatile};
pub use text_match::{TextMatch, text_match};
pub use whole_rows::{Picked, WholeRows, WholeRowsPlanner, together, whole_rows};
