//! Bytes to events: finds the files a user names, opens whatever they are packed in, cuts them into
//! records, and tells which log source each record belongs to.
//!
//! - [`find`] expands what stands after `--data` into [`InputFile`]s.
//! - [`Reader`] gives a file's records, a [`Chunk`] of up to about a mebibyte at a time. It looks at the
//!   content, never at the name: gzip, zstd, bzip2 and xz are unpacked; NDJSON, JSON arrays and wrappers,
//!   EVTX, Windows XML, auditd text, CSV, W3C and Zeek tables, Parquet and lines of any text all come out as JSON
//!   documents. How lines of text are taken apart is data, too: [`TextFormats`].
//! - [`Recogniser`] tells a record's log source and shape from its document, by the rules of
//!   `sources/*.toml` (a [`SourceDefinition`] each), and where in that shape a path of the log
//!   source is found.
//! - [`JsonIndex`] is what the recogniser, and whoever takes fields out of a document, gets from one value to the
//!   next with.
//! - Whatever is wrong with the data is a [`DataProblem`]: counted, the first few kept, and the
//!   rest of the data is read all the same.
//!
//! ```
//! use mynah_source::{JsonIndex, Reader, Recogniser};
//!
//! let log = concat!(
//!     r#"{"Records":[{"eventVersion":"1.09","eventSource":"iam.amazonaws.com","eventName":"CreateUser","#,
//!     r#""eventTime":"2026-03-14T07:09:29Z"}]}"#,
//! );
//! let mut reader = Reader::from_bytes("trail.json", log.as_bytes().to_vec())?;
//! let chunk = reader.next_chunk()?.expect("one record");
//! let document = chunk.document(&chunk.records[0]);
//! assert!(document.starts_with(r#"{"eventVersion""#));
//!
//! let recogniser = Recogniser::built_in()?;
//! let recognised = recogniser.recognise(JsonIndex::default().of(document));
//! assert_eq!(recogniser.sources()[recognised.source].log_source().as_str(), "aws.cloudtrail");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod archive;
mod bytes;
mod chunk;
mod container;
mod error;
mod format;
mod input;
mod json;
mod opened;
mod piece;
mod problem;
mod reader;
mod recognise;
mod text;

pub use chunk::Chunk;
pub use error::{DefinitionError, SourceError};
pub use format::Format;
pub use input::{InputFile, find};
pub use json::{JsonError, JsonIndex, JsonText, MAX_DEPTH, PlainKeys};
pub use piece::{Part, Piece};
pub use problem::{DataProblem, ProblemKind};
pub use reader::{MakeChunk, Reader};
pub use recognise::{Member, Members, Recognised, Recogniser, SourceDefinition};
pub use text::TextFormats;
