//! One module for each container that records come in.
pub(crate) mod auditd;
pub(crate) mod csv;
mod evtx;
mod framer;
mod json_lines;
pub(crate) mod json_stream;
mod lines;
mod parquet;
mod sniff;
mod split_lines;
mod tables;
mod w3c;
mod windows_xml;
mod zeek;

pub(crate) use auditd::Auditd;
pub(crate) use csv::Csv;
pub(crate) use evtx::Evtx;
pub(crate) use framer::{Cut, Cutter, Framer, into_chunk, newlines};
pub(crate) use json_lines::JsonLines;
pub(crate) use json_stream::JsonStream;
pub(crate) use lines::{JoinedLines, PlainLines};
pub(crate) use parquet::Parquet;
pub(crate) use sniff::{HEAD, Sniffed, has_times, sniff};
pub(crate) use split_lines::SplitLines;
pub(crate) use tables::Tables;
pub(crate) use w3c::W3c;
pub(crate) use windows_xml::WindowsXml;
pub(crate) use zeek::Zeek;

use crate::json::MAX_DEPTH;
use crate::piece::Piece;
use crate::problem::Problems;
use crate::{Chunk, SourceError};

/// A file's records, chunk by chunk.
pub(crate) trait Container: Send {
    /// The next records; none at the end. Problems are told as they are met.
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError>;
}

/// A file's pieces, which can be cut into records without one another.
pub(crate) trait Splitter: Send {
    /// The next piece; none at the end.
    fn next_piece(&mut self) -> Option<Piece>;

    /// Tells what is wrong at the file's end, after all pieces. Called once.
    fn end(&mut self, _problems: &mut Problems) {}
}

/// What is said of a record nested too deep.
pub(crate) fn too_deep() -> String {
    format!("the JSON of this record is nested deeper than {MAX_DEPTH}; left out")
}
