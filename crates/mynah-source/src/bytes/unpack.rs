use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Read};

/// What a file is packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Packing {
    /// By the first bytes of the file.
    pub fn of(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, 8, ..] => Packing::Gzip,
            // A zstd frame, or a frame to skip that may come before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Packing::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Packing::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Packing::Xz,
            _ => Packing::Plain,
        }
    }
}

/// How many bytes a stored file may unpack to: three hundred times its size, which logs do not reach, but no small file is refused
/// for that, and no large one fills the disk.
pub(crate) fn most_unpacked(stored: u64) -> u64 {
    const RATIO: u64 = 300;
    const SMALL: u64 = 256 << 20;
    const LARGEST: u64 = 64 << 30;
    stored.saturating_mul(RATIO).clamp(SMALL, LARGEST)
}

/// How much memory xz data may ask for, in KiB: `xz -9` wants 64 MiB.
const DICTIONARY: u32 = 1 << 20;

/// The bytes inside: of all members of a gzip file, all frames of a zstd file, all streams of a bzip2 or xz file.
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
        Packing::Bzip2 => Box::new(Damage {
            inner: bzip2::bufread::MultiBzDecoder::new(BufReader::with_capacity(BUFFER, packed)),
            packing: "bzip2",
        }),
        Packing::Xz => Box::new(Damage {
            inner: lzma_rust2::XzReader::new_mem_limit(BufReader::with_capacity(BUFFER, packed), true, DICTIONARY),
            packing: "xz",
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
