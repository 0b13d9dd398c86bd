use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Read};

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first bytes of the file.
    pub fn of(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, 8, ..] => Packing::Gzip,
            // A zstd frame, or a frame to skip that may come before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Packing::Zstd,
            _ => Packing::Plain,
        }
    }
}

/// The bytes inside: of all members of a gzip file, of all frames of a zstd file.
pub(crate) fn unpack(packing: Packing, packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    const BUFFER: usize = 128 * 1024;
    Ok(match packing {
        Packing::Plain => packed,
        Packing::Gzip => {
            Box::new(Damage { inner: MultiGzDecoder::new(BufReader::with_capacity(BUFFER, packed)), packing: "gzip" })
        }
        Packing::Zstd => Box::new(Damage {
            inner: zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(BUFFER, packed))?,
            packing: "zstd",
        }),
    })
}

/// Says what is wrong in the words of the format.
struct Damage<R> {
    inner: R,
    packing: &'static str,
}

impl<R: Read> Read for Damage<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the {} data breaks off before its end", self.packing),
            ),
            kind => io::Error::new(kind, format!("the {} data is damaged: {error}", self.packing)),
        })
    }
}
