use crate::bytes::{Counted, Meter};
use crate::container::{Auditd, Container, Csv, Evtx, Framer, JsonLines, JsonStream, Parquet, Sniffed, WindowsXml};
use crate::opened::{Opened, Stored};
use crate::problem::Problems;
use crate::{Chunk, DataProblem, Format, InputFile, SourceError};
use std::io::{self, Cursor};
use std::path::Path;

/// Reads a file's records, a chunk at a time, whatever container they are in.
///
/// ```
/// use mynah_source::{Format, Reader};
///
/// let mut reader = Reader::from_bytes("app.log", b"{\"a\":1}\n{\"a\":\n{\"a\":3}\n".to_vec())?;
/// assert_eq!(reader.format(), Format::JsonLines);
/// let chunk = reader.next_chunk()?.expect("records");
/// assert_eq!(chunk.records.iter().map(|r| chunk.document(r)).collect::<Vec<_>>(), [r#"{"a":1}"#, r#"{"a":3}"#]);
/// assert!(reader.next_chunk()?.is_none());
/// assert_eq!(reader.problems()[0].to_string(), "app.log:2: the JSON object on this line breaks off");
/// # Ok::<(), mynah_source::SourceError>(())
/// ```
pub struct Reader {
    container: Box<dyn Container>,
    format: Format,
    problems: Problems,
    meter: Meter,
}

impl Reader {
    /// Opens a file and tells its container by its content.
    ///
    /// # Errors
    /// Where it cannot be opened, or is no log.
    pub fn open(input: &InputFile) -> Result<Reader, SourceError> {
        let failed = |source| SourceError::Open { file: input.path.clone(), source };
        let file = input.open().map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        Reader::new(&input.path, Stored::File(file))
    }

    /// Reads records from memory; `name` is what problems call it.
    ///
    /// # Errors
    /// Where it is no log.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Reader, SourceError> {
        Reader::new(Path::new(name), Stored::Memory(Cursor::new(bytes)))
    }

    fn new(path: &Path, stored: Stored) -> Result<Reader, SourceError> {
        let meter = Meter::default();
        let opened = Opened::new(path, Counted::new(stored, meter.clone()), &meter)?;
        let format = match &opened.sniffed {
            Sniffed::Is(format) => *format,
            Sniffed::NotLogs(found) => {
                return Err(SourceError::NotLogs { file: path.to_owned(), found: (*found).to_owned() });
            }
        };
        let container: Box<dyn Container> = match format {
            Format::Evtx | Format::Parquet => {
                // What is unpacked first has been read to its end by then: its bytes are counted already.
                let counts = if opened.is_stored() { meter.clone() } else { Meter::default() };
                let file = opened.into_file(path)?;
                if format == Format::Evtx {
                    Box::new(Evtx::new(file, path, counts)?)
                } else {
                    Box::new(Parquet::new(file, path, counts)?)
                }
            }
            _ => {
                let (head, stream) = (opened.head, opened.content.into_stream(&meter));
                match format {
                    Format::JsonLines => Box::new(Framer::new(head, stream, JsonLines::default())),
                    Format::Auditd => Box::new(Auditd::new(head, stream)),
                    Format::Csv => Box::new(Csv::new(head, stream)),
                    Format::WindowsXml => Box::new(WindowsXml::new(head, stream)),
                    _ => Box::new(Framer::new(head, stream, JsonStream::default())),
                }
            }
        };
        Ok(Reader { container, format, problems: Problems::new(path), meter })
    }

    /// The container.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The next records, about a mebibyte of them; none at the end.
    ///
    /// # Errors
    /// Where the file itself cannot be read any further. Whatever is wrong inside it is a problem, and no error.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, SourceError> {
        self.container.next_chunk(&mut self.problems)
    }

    /// The first few problems met so far.
    pub fn problems(&self) -> &[DataProblem] {
        self.problems.kept()
    }

    /// How many problems were met so far.
    pub fn problem_count(&self) -> u64 {
        self.problems.count()
    }

    /// How many bytes of the file, as it is stored, were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.meter.bytes()
    }
}

/// Tells the container of a file without reading it all; what it is instead, if it is no log.
pub(crate) fn probe(input: &InputFile) -> io::Result<Result<Format, String>> {
    let meter = Meter::default();
    let file = Counted::new(Stored::File(input.open()?), meter.clone());
    match Opened::new(&input.path, file, &meter) {
        Ok(Opened { sniffed: Sniffed::Is(format), .. }) => Ok(Ok(format)),
        Ok(Opened { sniffed: Sniffed::NotLogs(found), .. }) => Ok(Err(found.to_owned())),
        Err(SourceError::Open { source, .. } | SourceError::Read { source, .. }) => Err(source),
        Err(other) => Ok(Err(other.to_string())),
    }
}
