use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What a [`Counted`] reader has seen, for those who do not hold it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    bytes: AtomicU64,
    failed: AtomicBool,
    replaced: AtomicU64,
}

impl Meter {
    /// How many bytes of the file as it is stored were read.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Whether the file itself could not be read, as opposed to what is packed in it.
    pub fn failed(&self) -> bool {
        self.0.failed.load(Ordering::Relaxed)
    }

    /// How many units of UTF-16 made no character.
    pub fn replaced(&self) -> u64 {
        self.0.replaced.load(Ordering::Relaxed)
    }

    /// Counts anew, for readers that go back to the beginning.
    pub fn restart(&self) {
        self.0.bytes.store(0, Ordering::Relaxed);
    }

    /// For readers that do not go through a [`Counted`].
    pub fn add_bytes(&self, more: u64) {
        self.0.bytes.fetch_add(more, Ordering::Relaxed);
    }

    pub fn add_replaced(&self, more: u64) {
        self.0.replaced.fetch_add(more, Ordering::Relaxed);
    }
}

/// Counts what is read through it.
#[derive(Debug)]
pub(crate) struct Counted<R> {
    pub inner: R,
    meter: Meter,
}

impl<R> Counted<R> {
    pub fn new(inner: R, meter: Meter) -> Self {
        Counted { inner, meter }
    }

    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(length) => {
                self.meter.0.bytes.fetch_add(length as u64, Ordering::Relaxed);
                Ok(length)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.meter.0.failed.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }
}
