use crate::bytes::Meter;
use std::io::{self, Read};

/// Bytes in their order, with whatever ends them early kept for later: what came before is good.
pub(crate) struct Stream {
    inner: Box<dyn Read + Send>,
    meter: Meter,
    ended: bool,
    failure: Option<io::Error>,
}

impl Stream {
    pub fn new(inner: Box<dyn Read + Send>, meter: Meter) -> Self {
        Stream { inner, meter, ended: false, failure: None }
    }

    /// Adds up to `more` bytes to `buffer`; fewer only at the end.
    pub fn read_into(&mut self, buffer: &mut Vec<u8>, more: usize) {
        if self.ended {
            return;
        }
        // A little above what is asked for, so that the last probe for the end does not make it grow.
        buffer.reserve(more + 32);
        match (&mut self.inner).take(more as u64).read_to_end(buffer) {
            Ok(length) => self.ended = length < more,
            Err(error) => {
                self.ended = true;
                self.failure = Some(error);
            }
        }
    }

    /// Whether there is nothing after what was read.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// What ended it early, once: an error of the file itself, or else what is wrong with what is packed in it.
    pub fn take_failure(&mut self) -> Option<Result<String, io::Error>> {
        let error = self.failure.take()?;
        Some(if self.meter.failed() { Err(error) } else { Ok(error.to_string()) })
    }

    /// How many units of UTF-16 made no character.
    pub fn replaced(&self) -> u64 {
        self.meter.replaced()
    }

    /// The rest, without what was read before.
    pub fn into_read(self) -> Box<dyn Read + Send> {
        match self.failure {
            Some(error) => Box::new(Failed(Some(error))),
            None => self.inner,
        }
    }
}

/// An error is an end, and kept for [`Stream::take_failure`].
impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error);
                }
                read => return read,
            }
        }
        Ok(0)
    }
}

/// Nothing but an error.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
