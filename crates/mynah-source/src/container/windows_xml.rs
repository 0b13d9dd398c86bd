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
            chunk.make_documents(|record, xml, out| match document(xml, out) {
                Ok(()) => true,
                Err(message) => {
                    problems.at_line(ProblemKind::Malformed, record.line, record.number, message);
                    false
                }
            });
            if !chunk.records.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }
}
