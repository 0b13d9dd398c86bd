//! Logs that outlive the run: a folder of Delta tables, which Mynah writes once and reads as it reads the files, and which anything else
//! that reads Delta Lake can read, too.
//!
//! A lake is a folder with a table `files`, of the files that were ingested, and a table for each log source below `events`, partitioned
//! by day. [`ingest`] writes both, and goes on where it was killed: what it wrote of a file stands in the same commit as the rows. A
//! [`Lake`] that is [read](Lake::read) is a [`mynah_engine::Store`], whose events have the ids, files and numbers that they have when the
//! files themselves are read.
//!
//! All of it is behind the feature `delta`.
#![deny(missing_docs)]
#![cfg(feature = "delta")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod columns;
mod commit;
mod compact;
mod data_file;
mod error;
mod files;
mod fingerprint;
mod ingest;
mod io;
mod lake;
mod object_file;
mod overview;
mod read;
mod rows;
mod statistics;
mod vacuum;
mod verify;

pub use compact::{Compacted, compact};
pub use error::LakeError;
pub use ingest::{IngestOptions, Ingested, ingest};
pub use lake::Lake;
pub use overview::{TableOverview, overview};
pub use read::LakeReader;
pub use vacuum::{Vacuumed, vacuum};
pub use verify::{Verified, verify};
