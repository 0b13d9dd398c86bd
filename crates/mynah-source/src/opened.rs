use crate::SourceError;
use crate::bytes::{ByteOrder, Counted, Meter, Packing, Stream, Utf16Reader, unpack};
use crate::container::{HEAD, Sniffed, SplitLines, sniff};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

/// Where a file's bytes are.
#[derive(Debug)]
pub(crate) enum Stored {
    File(File),
    Memory(Cursor<Vec<u8>>),
}

impl Stored {
    /// Its size in bytes, as far as that is known.
    pub fn size(&self) -> u64 {
        match self {
            Stored::File(file) => file.metadata().map_or(0, |metadata| metadata.len()),
            Stored::Memory(bytes) => bytes.get_ref().len() as u64,
        }
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stored::File(file) => file.read(buffer),
            Stored::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Stored {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Stored::File(file) => file.seek(to),
            Stored::Memory(bytes) => bytes.seek(to),
        }
    }
}

/// A file unpacked, decoded to UTF-8 if it is text, and looked at.
pub(crate) struct Opened {
    /// How its content begins.
    pub head: Vec<u8>,
    /// How it goes on.
    pub content: Content,
    /// Where in the stored file the content starts, if it is stored as it is.
    pub start: u64,
    pub sniffed: Sniffed,
    /// Whether the head is all there is.
    pub whole: bool,
    /// When the stored file was last written to.
    pub written: Option<SystemTime>,
}

/// What comes after [`Opened::head`].
pub(crate) enum Content {
    /// The file as it is stored, with its beginning read.
    Stored(Counted<Stored>),
    Made(Stream),
}

impl Opened {
    pub fn new(path: &Path, mut stored: Counted<Stored>, meter: &Meter) -> Result<Opened, SourceError> {
        let fail = |source| SourceError::Read { file: path.to_owned(), source };
        let written = match &stored.inner {
            Stored::File(file) => file.metadata().and_then(|metadata| metadata.modified()).ok(),
            Stored::Memory(_) => None,
        };
        let mut head = Vec::new();
        (&mut stored).take(HEAD as u64).read_to_end(&mut head).map_err(fail)?;
        let mut start = 0;
        let packing = Packing::of(&head);
        let mut content = Content::Stored(stored);
        if packing != Packing::Plain {
            let unpacked = unpack(packing, Box::new(Cursor::new(head).chain(content.into_read()))).map_err(fail)?;
            (head, content) = begin(unpacked, meter);
        }
        if let Some(order) = ByteOrder::of(&head) {
            let bytes = Cursor::new(head).chain(content.into_read());
            (head, content) = begin(Box::new(Utf16Reader::new(bytes, order, meter.clone())), meter);
        } else if head.starts_with(b"\xef\xbb\xbf") {
            start = head.drain(..3).len() as u64;
        }
        let whole = match &content {
            Content::Made(stream) => stream.ended(),
            Content::Stored(_) => head.len() < HEAD - 3,
        };
        let sniffed = sniff(&head, whole);
        Ok(Opened { head, content, start, sniffed, whole, written })
    }
}

/// Reads the beginning.
fn begin(read: Box<dyn Read + Send>, meter: &Meter) -> (Vec<u8>, Content) {
    let mut stream = Stream::new(read, meter.clone());
    let mut head = Vec::new();
    stream.read_into(&mut head, HEAD);
    (head, Content::Made(stream))
}

impl Opened {
    /// Whether the content is the file just as it is stored.
    pub fn is_stored(&self) -> bool {
        matches!(self.content, Content::Stored(_))
    }

    /// All of the content as a file to move about in: the stored one if it can be, else a temporary one of so many bytes at
    /// most; and what is wrong with the packed data, which is taken as far as it goes.
    pub fn into_file(self, path: &Path, most: u64) -> Result<(File, Option<String>), SourceError> {
        let fail = |source| SourceError::Read { file: path.to_owned(), source };
        match self.content {
            Content::Stored(stored) => match stored.into_inner() {
                Stored::File(mut file) => file.rewind().map(|()| file),
                Stored::Memory(bytes) => spool(&bytes.into_inner(), io::empty()),
            }
            .map(|file| (file, None))
            .map_err(fail),
            Content::Made(mut stream) => {
                let most = most.saturating_sub(self.head.len() as u64);
                let mut limited = (&mut stream).take(most);
                let file = spool(&self.head, &mut limited).map_err(fail)?;
                let is_full = limited.limit() == 0 && limited.into_inner().read(&mut [0]).map_err(fail)? > 0;
                match stream.take_failure() {
                    Some(Err(source)) => Err(fail(source)),
                    _ if is_full => Ok((file, Some("it unpacks to far more than logs do".to_owned()))),
                    damage => Ok((file, damage.and_then(Result::ok))),
                }
            }
        }
    }
}

/// Writes all of it to a temporary file.
fn spool(head: &[u8], mut rest: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(head)?;
    io::copy(&mut rest, &mut file)?;
    file.rewind()?;
    Ok(file)
}

impl Content {
    pub fn into_stream(self, meter: &Meter) -> Stream {
        match self {
            Content::Stored(stored) => Stream::new(Box::new(stored), meter.clone()),
            Content::Made(stream) => stream,
        }
    }

    /// The file and its size, if it is stored just as it is and large enough to be split.
    pub fn into_large_file(self) -> Result<(File, u64), Content> {
        let size = match &self {
            Content::Stored(stored) => match &stored.inner {
                Stored::File(file) => SplitLines::worth(file),
                Stored::Memory(_) => None,
            },
            Content::Made(_) => None,
        };
        match (self, size) {
            (Content::Stored(Counted { inner: Stored::File(file), .. }), Some(size)) => Ok((file, size)),
            (other, _) => Err(other),
        }
    }

    pub fn into_read(self) -> Box<dyn Read + Send> {
        match self {
            Content::Stored(stored) => Box::new(stored),
            Content::Made(stream) => stream.into_read(),
        }
    }
}
