//! What all dialects share behind: matching text, time formats, and the means to write functions, all
//! as DataFusion functions over Arrow columns.
//!
//! - [`text_match`]: wildcards, equality and sets of values, with or without case ([`Matcher`]). The engine
//!   recognises it in a plan and derives from it which bytes a matching record must hold.
//! - [`regex_match`]: regular expressions, in linear time.
//! - [`cidr_match`]: IP addresses in networks.
//! - [`Function`], [`Aggregate`]: functions as values, a name and parameters, from which a [`Registry`] makes the code in
//!   whatever process runs the plan.
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
mod function;
pub mod java_time;
pub mod json;
mod matcher;
mod pattern;
mod regex;
mod regex_match;
mod text_match;
mod texts;
mod whole_rows;

pub use cidr::{CidrMatch, Network, cidr_match};
pub use function::{
    Aggregate, Cell, Code, Fold, Function, FunctionId, Needed, Number, Registry, RegistryError, Resources, aggregate,
    call, call_with, cell, fold_accumulator, folded, function_of, needed_by, refolded, shown,
};
pub use matcher::{Case, Matcher};
pub use pattern::{Pattern, Piece, WildcardSyntax};
pub use regex::{Groups, Regex, RegexError};
pub use regex_match::{RegexMatch, regex_match};
pub use text_match::{TextMatch, text_match};
pub use whole_rows::{Picked, WholeRows, WholeRowsExec, WholeRowsPlanner, together, whole_rows};
