use crate::bytes::Meter;
use crate::container::{Splitter, into_chunk};
use crate::piece::{Part, Piece, RawPiece};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use ::evtx::err::EvtxError;
use ::evtx::{EvtxChunkData, EvtxChunkHeader, EvtxParser, IntoIterChunks, ParserSettings};
use mynah_event::Record;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// The file's header and each of its chunks have fixed sizes.
const HEADER_SIZE: u64 = 4096;
const CHUNK_SIZE: u64 = 65536;
/// A record has a header and its size at its end.
const SMALLEST_RECORD: u64 = 28;

/// The binary log of the Windows event log service. Read one 64 KiB chunk at a time, in the order in
/// which Windows wrote them; its records become JSON.
pub(crate) struct Evtx<R: Read + Seek> {
    chunks: IntoIterChunks<R>,
    settings: Arc<ParserSettings>,
    /// Bytes at the end that are no whole chunk.
    odd: u64,
    meter: Meter,
}

impl<R: Read + Seek + Send> Evtx<R> {
    /// `meter` counts what is read.
    pub fn new(mut file: R, path: &Path, meter: Meter) -> Result<Self, SourceError> {
        let damaged = |message: String| SourceError::Damaged { file: path.to_owned(), message };
        let size = file.seek(SeekFrom::End(0)).and_then(|size| file.rewind().map(|()| size));
        let size = size.map_err(|source| SourceError::Read { file: path.to_owned(), source })?;
        let parser = EvtxParser::from_read_seek(file)
            .map_err(|error| damaged(format!("the EVTX header is damaged: {error}")))?;
        let settings = ParserSettings::new().indent(false).separate_json_attributes(false);
        let odd = size.saturating_sub(HEADER_SIZE) % CHUNK_SIZE;
        meter.restart();
        meter.add_bytes(HEADER_SIZE + odd);
        Ok(Evtx { chunks: parser.into_chunks(), settings: Arc::new(settings), odd, meter })
    }
}

impl<R: Read + Seek + Send> Splitter for Evtx<R> {
    fn next_piece(&mut self) -> Option<Piece> {
        let data = self.chunks.next()?;
        self.meter.add_bytes(CHUNK_SIZE);
        Some(Piece::raw(EvtxChunk { data, settings: Arc::clone(&self.settings) }))
    }

    fn end(&mut self, problems: &mut Problems) {
        if self.odd > 0 {
            problems.of_file(
                ProblemKind::Damaged,
                "the EVTX file breaks off in the middle of a chunk; the records in it are lost",
            );
        }
    }
}

/// A chunk of the file, not decoded yet.
struct EvtxChunk {
    data: Result<EvtxChunkData, EvtxError>,
    settings: Arc<ParserSettings>,
}

impl RawPiece for EvtxChunk {
    fn cut(self: Box<Self>, spare: Chunk) -> Part {
        let EvtxChunk { data, settings } = *self;
        let mut part = Part::new(Problems::default());
        let data = match data {
            Ok(data) => data,
            Err(error) => {
                let message = format!("a chunk of the EVTX file cannot be read, its records are lost: {error}");
                part.problems.of_file(ProblemKind::Damaged, message);
                return part;
            }
        };
        let mut records = spare.records;
        records.clear();
        let mut text = spare.text.into_bytes();
        text.clear();
        // The decoder is careful, but what it decodes may have been made to break it.
        let done = catch_unwind(AssertUnwindSafe(|| decode(data, settings, &mut text, &mut records, &mut part)));
        if done.is_err() {
            part = Part::new(Problems::default());
            part.problems.of_file(
                ProblemKind::Damaged,
                "a chunk of the EVTX file is damaged beyond decoding; its records are lost",
            );
            return part;
        }
        part.lines = part.records;
        part.chunk = into_chunk(text, records, &mut part.problems);
        part
    }
}

fn decode(
    mut data: EvtxChunkData,
    settings: Arc<ParserSettings>,
    text: &mut Vec<u8>,
    records: &mut Vec<Record>,
    part: &mut Part,
) {
    let counted = counted(&data.header);
    let mut chunk = match data.parse(settings) {
        Ok(chunk) => chunk,
        Err(error) => {
            let message = format!("a chunk of the EVTX file is damaged, its records are lost: {error}");
            part.problems.of_file(ProblemKind::Damaged, message);
            return;
        }
    };
    for record in chunk.iter() {
        part.records += 1;
        match record.and_then(::evtx::EvtxRecord::into_json_bytes) {
            Ok(record) => {
                let start = text.len();
                text.extend_from_slice(&record.data);
                let all = start..text.len();
                records.push(Record { number: part.records, line: part.records, document: all.clone(), raw: all });
            }
            Err(error) => {
                let message = format!("the event cannot be decoded: {error}");
                part.problems.at_record(ProblemKind::Malformed, part.records, message);
            }
        }
    }
    // The decoder takes zeroes where a record should begin for the end of the records.
    let lost = counted.saturating_sub(part.records);
    if lost > 0 {
        let found = part.records;
        let message = format!(
            "a chunk of the EVTX file is damaged: of {counted} records that its header counts, {found} were found"
        );
        part.problems.of_file(ProblemKind::Damaged, message);
    }
}

/// How many records a chunk has by its header; 0 where the header cannot be right.
fn counted(header: &EvtxChunkHeader) -> u64 {
    let (first, last) = (header.first_event_record_number, header.last_event_record_number);
    let count = last.checked_sub(first).and_then(|more| more.checked_add(1)).unwrap_or(0);
    // An unused chunk counts up to the largest number.
    if last != u64::MAX && count <= CHUNK_SIZE / SMALLEST_RECORD { count } else { 0 }
}
