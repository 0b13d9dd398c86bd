mod event;
mod execve;
mod line;
mod sockaddr;
mod value;

pub(crate) use line::is_audit_line;

use crate::bytes::Stream;
use crate::container::{Container, Framer, PlainLines};
use crate::problem::Problems;
use crate::{Chunk, ProblemKind, SourceError};
use event::Event;
use line::{Line, Stamp};
use std::collections::VecDeque;

/// How many lines may come between two of one event. The audit daemon writes the lines of events
/// that happen at once in any order, but close to each other.
const WINDOW: u64 = 512;

/// The text that the Linux audit daemon writes. The lines that share a time and a serial number are
/// one event, given out in the order of their first lines.
pub(crate) struct Auditd {
    lines: Framer<PlainLines>,
    open: VecDeque<Event>,
    /// How many lines were read.
    read: u64,
    number: u64,
    at_end: bool,
    /// Met while there were events to give out first.
    failure: Option<SourceError>,
}

impl Auditd {
    pub fn new(head: Vec<u8>, stream: Stream) -> Self {
        Auditd {
            lines: Framer::new(head, stream, PlainLines::default()),
            open: VecDeque::new(),
            read: 0,
            number: 0,
            at_end: false,
            failure: None,
        }
    }

    fn add(&mut self, text: &str, number: u64, problems: &mut Problems) {
        self.read += 1;
        let Some(line) = Line::parse(text) else {
            problems.at_line(ProblemKind::Malformed, number, number, "this line is no audit record");
            return;
        };
        // Lines of one event are mostly next to each other: the search begins with the newest.
        let stamp = Stamp::of(&line);
        match self.open.iter_mut().rev().find(|event| event.stamp == stamp && !event.ended) {
            Some(event) => event.add(text, &line, self.read),
            None => self.open.push_back(Event::new(stamp, text, &line, number, self.read)),
        }
    }

    /// Gives out the events that are complete.
    fn take_ready(&mut self, chunk: &mut Chunk) {
        while let Some(event) = self.open.front() {
            if !(event.ended || self.at_end || self.read - event.last_read > WINDOW) {
                break;
            }
            self.number += 1;
            chunk.push(self.number, event.line, &event.raw, &event.document());
            self.open.pop_front();
        }
    }
}

impl Container for Auditd {
    fn next_chunk(&mut self, problems: &mut Problems) -> Result<Option<Chunk>, SourceError> {
        let mut chunk = Chunk::default();
        while chunk.records.is_empty() && !self.at_end {
            match self.lines.next_chunk(problems) {
                Ok(Some(lines)) => {
                    for record in &lines.records {
                        self.add(lines.raw(record), record.line, problems);
                        self.take_ready(&mut chunk);
                    }
                }
                Ok(None) => {
                    self.at_end = true;
                    self.take_ready(&mut chunk);
                }
                Err(error) => {
                    self.at_end = true;
                    self.failure = Some(error);
                    self.take_ready(&mut chunk);
                }
            }
        }
        if chunk.records.is_empty()
            && let Some(error) = self.failure.take()
        {
            return Err(error);
        }
        Ok((!chunk.records.is_empty()).then_some(chunk))
    }
}
