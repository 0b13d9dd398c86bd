mod document;
mod element;
mod events;

use crate::bytes::Stream;
use crate::container::{Container, Framer};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use document::document;
use events::Events;

/// Windows events as XML: what Event Viewer and `wevtutil` export, and what collectors forward. Their
/// documents have the members that the same events have in EVTX.
pub(crate) struct WindowsXml {
    events: Framer<Events>,
}

impl WindowsXml {
    pub fn new(head: Vec<u8>, stream: Stream) -> Self {
        WindowsXml { events: Framer::new(head, stream, Events::default()) }
    }
}

impl Container for WindowsXml {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        loop {
            let Some(mut chunk) = self.events.next_chunk(problems)? else { return Ok(None) };
            let records = std::mem::take(&mut chunk.records);
            let before = chunk.text.len();
            let mut documents = String::new();
            for mut record in records {
                let start = before + documents.len();
                match document(chunk.text.get(record.raw.clone()).unwrap_or(""), &mut documents) {
                    Ok(()) => {
                        record.document = start..before + documents.len();
                        chunk.records.push(record);
                    }
                    Err(message) => {
                        documents.truncate(start - before);
                        problems.at_line(ProblemKind::Malformed, record.line, record.number, message);
                    }
                }
            }
            chunk.text.push_str(&documents);
            if !chunk.records.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }
}
