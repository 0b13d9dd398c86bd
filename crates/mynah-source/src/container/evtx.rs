use crate::bytes::Meter;
use crate::container::{Container, into_chunk};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use ::evtx::{EvtxChunkData, EvtxParser, IntoIterChunks, ParserSettings};
use mynah_event::Record;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// How much text to gather before giving it out.
const ENOUGH: usize = 512 * 1024;

/// The file's header and each of its chunks have fixed sizes.
const HEADER_SIZE: u64 = 4096;
const CHUNK_SIZE: u64 = 65536;

/// The binary log of the Windows event log service. Read one 64 KiB chunk at a time, in the order in
/// which Windows wrote them; its records become JSON.
pub(crate) struct Evtx<R: Read + Seek> {
    chunks: IntoIterChunks<R>,
    settings: Arc<ParserSettings>,
    number: u64,
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
        Ok(Evtx { chunks: parser.into_chunks(), settings: Arc::new(settings), number: 0, odd, meter })
    }

    fn read_chunk(
        &mut self,
        data: EvtxChunkData,
        text: &mut Vec<u8>,
        records: &mut Vec<Record>,
        problems: &mut Problems,
    ) {
        // The decoder is careful, but what it decodes may have been made to break it.
        let settings = Arc::clone(&self.settings);
        let before = (text.len(), records.len(), self.number);
        let number = &mut self.number;
        let done = catch_unwind(AssertUnwindSafe(|| decode(data, settings, number, text, records, problems)));
        if done.is_err() {
            text.truncate(before.0);
            records.truncate(before.1);
            self.number = before.2;
            problems.of_file(
                ProblemKind::Damaged,
                "a chunk of the EVTX file is damaged beyond decoding; its records are lost",
            );
        }
    }
}

fn decode(
    mut data: EvtxChunkData,
    settings: Arc<ParserSettings>,
    number: &mut u64,
    text: &mut Vec<u8>,
    records: &mut Vec<Record>,
    problems: &mut Problems,
) {
    let mut chunk = match data.parse(settings) {
        Ok(chunk) => chunk,
        Err(error) => {
            problems.of_file(
                ProblemKind::Damaged,
                format!("a chunk of the EVTX file is damaged, its records are lost: {error}"),
            );
            return;
        }
    };
    for record in chunk.iter() {
        *number += 1;
        match record.and_then(::evtx::EvtxRecord::into_json_bytes) {
            Ok(record) => {
                let start = text.len();
                text.extend_from_slice(&record.data);
                let all = start..text.len();
                records.push(Record { number: *number, line: *number, document: all.clone(), raw: all });
            }
            Err(error) => {
                problems.at_record(ProblemKind::Malformed, *number, format!("the event cannot be decoded: {error}"))
            }
        }
    }
}

impl<R: Read + Seek + Send> Container for Evtx<R> {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        let mut text = Vec::new();
        let mut records = Vec::new();
        while text.len() < ENOUGH {
            let next = self.chunks.next();
            if next.is_some() {
                self.meter.add_bytes(CHUNK_SIZE);
            }
            match next {
                None => break,
                Some(Ok(data)) => self.read_chunk(data, &mut text, &mut records, problems),
                Some(Err(error)) => {
                    problems.of_file(
                        ProblemKind::Damaged,
                        format!("a chunk of the EVTX file cannot be read, its records are lost: {error}"),
                    );
                }
            }
        }
        if records.is_empty() {
            if std::mem::take(&mut self.odd) > 0 {
                problems.of_file(
                    ProblemKind::Damaged,
                    "the EVTX file breaks off in the middle of a chunk; the records in it are lost",
                );
            }
            return Ok(None);
        }
        Ok(Some(into_chunk(text, records, problems)))
    }
}
