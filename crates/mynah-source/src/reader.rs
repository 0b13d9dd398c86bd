use crate::bytes::{Counted, Meter, most_unpacked};
use crate::container::{
    Auditd, Container, Csv, Evtx, Framer, JoinedLines, JsonLines, JsonStream, Parquet, PlainLines, Sniffed, SplitLines,
    Splitter, Tables, W3c, WindowsXml, Zeek, has_times,
};
use crate::opened::{Opened, Stored};
use crate::piece::RawPiece;
use crate::problem::Problems;
use crate::text::{LineParser, Today};
use crate::{Chunk, DataProblem, Format, InputFile, Part, Piece, ProblemKind, SourceError, TextFormats};
use std::io::{self, Cursor};
use std::path::Path;
use std::time::SystemTime;

/// Reads a file's records, a chunk at a time, whatever container they are in.
///
/// One thread asks for [`Reader::next_chunk`] until there is none. Several that share a file each take a
/// [`Piece`] at a time with [`Reader::next_piece`], cut it by themselves, and hand it back with
/// [`Reader::finish`] in the order in which the pieces were taken.
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
    records: Records,
    format: Format,
    problems: Problems,
    meter: Meter,
    /// How many records and lines the finished parts had.
    finished: (u64, u64),
}

/// Where the records come from.
enum Records {
    /// A container that has to be read from its beginning to its end.
    InOrder(Box<dyn Container>),
    /// Lines of text, read from its beginning to its end. Their documents are made piece by piece.
    Text(Box<dyn Container>, LineParser),
    Split(Box<dyn Splitter>),
    /// All pieces were given out.
    Ended,
}

impl Reader {
    /// Opens a file and tells its container by its content. Lines of text are taken apart as [`TextFormats`] say.
    ///
    /// # Errors
    /// Where it cannot be opened, or is no log.
    pub fn open(input: &InputFile, texts: &TextFormats) -> Result<Reader, SourceError> {
        let failed = |source| SourceError::Open { file: input.path.clone(), source };
        let file = input.open().map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        Reader::new(&input.path, Stored::File(file), texts)
    }

    /// Reads records from memory; `name` is what problems call it. Of lines of text nothing is known but their envelope.
    ///
    /// # Errors
    /// Where it is no log.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Reader, SourceError> {
        Reader::new(Path::new(name), Stored::Memory(Cursor::new(bytes)), &TextFormats::default())
    }

    /// Reads records that somebody else keeps, with their numbers: each piece is how many bytes it has there, and what makes a
    /// chunk of it on the thread that takes it. `path` is what problems call it.
    ///
    /// ```
    /// use mynah_source::{Chunk, Reader};
    ///
    /// let pieces = [(7, Box::new(|| Ok(Chunk::default())) as mynah_source::MakeChunk)];
    /// let mut reader = Reader::of_pieces("kept".as_ref(), pieces.into_iter());
    /// assert!(reader.next_chunk()?.is_none());
    /// assert_eq!(reader.bytes_read(), 7);
    /// # Ok::<(), mynah_source::SourceError>(())
    /// ```
    pub fn of_pieces(path: &Path, pieces: impl Iterator<Item = (u64, MakeChunk)> + Send + 'static) -> Reader {
        let meter = Meter::default();
        let kept = KeptPieces { pieces: Box::new(pieces), meter: meter.clone() };
        let records = Records::Split(Box::new(kept));
        Reader { records, format: Format::Lake, problems: Problems::new(path), meter, finished: (0, 0) }
    }

    fn new(path: &Path, stored: Stored, texts: &TextFormats) -> Result<Reader, SourceError> {
        let meter = Meter::default();
        let stored_size = stored.size();
        let opened = Opened::new(path, Counted::new(stored, meter.clone()), &meter)?;
        let format = match &opened.sniffed {
            Sniffed::Is(format) => *format,
            // The members of archives that are named or found are files of their own by now.
            Sniffed::Archive(archive) => {
                return Err(SourceError::NotLogs { file: path.to_owned(), found: format!("a {archive}") });
            }
            Sniffed::NotLogs(found) => {
                return Err(SourceError::NotLogs { file: path.to_owned(), found: (*found).to_owned() });
            }
        };
        let mut problems = Problems::new(path);
        let records = match format {
            Format::Evtx | Format::Parquet => {
                // What is unpacked first has been read to its end by then: its bytes are counted already.
                let counts = if opened.is_stored() { meter.clone() } else { Meter::default() };
                let (file, damage) = opened.into_file(path, most_unpacked(stored_size))?;
                let records = match format {
                    Format::Evtx => Evtx::new(file, path, counts).map(|evtx| Records::Split(Box::new(evtx))),
                    _ => Parquet::new(file, path, counts).map(|parquet| Records::InOrder(Box::new(parquet))),
                };
                match (records, damage) {
                    (Ok(records), damage) => {
                        if let Some(damage) = damage {
                            problems.of_file(ProblemKind::Damaged, format!("{damage}; what comes after is lost"));
                        }
                        records
                    }
                    // What is wrong with the packed data is why the container is damaged.
                    (Err(SourceError::Damaged { file, .. }), Some(message)) => {
                        return Err(SourceError::Damaged { file, message });
                    }
                    (Err(error), _) => return Err(error),
                }
            }
            Format::Text => Reader::lines(opened, &meter, texts),
            _ => Reader::text(opened, format, &meter),
        };
        Ok(Reader { records, format, problems, meter, finished: (0, 0) })
    }

    fn text(opened: Opened, format: Format, meter: &Meter) -> Records {
        let Opened { head, mut content, start, .. } = opened;
        if format == Format::JsonLines {
            content = match content.into_large_file() {
                Ok((file, size)) => {
                    return Records::Split(Box::new(SplitLines::new(file, start, size, meter.clone(), None)));
                }
                Err(content) => content,
            };
        }
        let stream = content.into_stream(meter);
        Records::InOrder(match format {
            Format::JsonLines => Box::new(Framer::new(head, stream, JsonLines::default())),
            Format::Auditd => Box::new(Auditd::new(head, stream)),
            Format::Csv => Box::new(Csv::new(head, stream)),
            Format::WindowsXml => Box::new(WindowsXml::new(head, stream)),
            Format::W3c => Box::new(Tables::<W3c>::new(head, stream)),
            Format::Zeek => Box::new(Tables::<Zeek>::new(head, stream)),
            _ => Box::new(Framer::new(head, stream, JsonStream::default())),
        })
    }

    fn lines(opened: Opened, meter: &Meter, texts: &TextFormats) -> Records {
        let Opened { head, mut content, start, written, .. } = opened;
        let parser = LineParser::new(texts.clone(), Today::after(written.unwrap_or_else(SystemTime::now)));
        if JoinedLines::suit(&head, &parser) {
            let cutter = JoinedLines::new(parser.clone());
            return Records::Text(Box::new(Framer::new(head, content.into_stream(meter), cutter)), parser);
        }
        content = match content.into_large_file() {
            Ok((file, size)) => {
                let lines = SplitLines::new(file, start, size, meter.clone(), Some(parser));
                return Records::Split(Box::new(lines));
            }
            Err(content) => content,
        };
        let framer = Framer::new(head, content.into_stream(meter), PlainLines::default());
        Records::Text(Box::new(framer), parser)
    }

    #[cfg(test)]
    pub(crate) fn splitting(splitter: impl Splitter + 'static) -> Reader {
        let records = Records::Split(Box::new(splitter));
        let problems = Problems::new(Path::new("log"));
        Reader { records, format: Format::JsonLines, problems, meter: Meter::default(), finished: (0, 0) }
    }

    /// The container.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether pieces can be read without those before them; taking one costs next to nothing.
    pub fn has_pieces_apart(&self) -> bool {
        matches!(self.records, Records::Split(_))
    }

    /// The next records, up to about a mebibyte of them; none at the end.
    ///
    /// # Errors
    /// Where the file itself cannot be read any further. Whatever is wrong inside it is a problem, and no error.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, SourceError> {
        while let Some(piece) = self.next_piece()? {
            let chunk = self.finish(piece.cut(Chunk::default()))?;
            if !chunk.records.is_empty() {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }

    /// The next stretch of the file; none at the end.
    ///
    /// # Errors
    /// As [`Reader::next_chunk`].
    pub fn next_piece(&mut self) -> Result<Option<Piece>, SourceError> {
        let piece = match &mut self.records {
            Records::InOrder(container) => container.next_chunk(&mut self.problems)?.map(Piece::cut_already),
            Records::Text(container, parser) => {
                let parser = parser.clone();
                container.next_chunk(&mut self.problems)?.map(|chunk| Piece::of_lines(chunk, parser))
            }
            Records::Split(splitter) => splitter.next_piece(),
            Records::Ended => return Ok(None),
        };
        if piece.is_none()
            && let Records::Split(mut splitter) = std::mem::replace(&mut self.records, Records::Ended)
        {
            splitter.end(&mut self.problems);
        }
        Ok(piece)
    }

    /// Gives the records of a piece their numbers, and notes what is wrong with them. The chunk may be empty.
    ///
    /// Every piece must be finished before the one that was taken after it.
    ///
    /// # Errors
    /// Where the file could not be read there.
    pub fn finish(&mut self, part: Part) -> Result<Chunk, SourceError> {
        if let Some(source) = part.failure {
            return Err(SourceError::Read { file: self.problems.file().to_owned(), source });
        }
        let mut chunk = part.chunk;
        if !part.numbered {
            let (records, lines) = self.finished;
            for record in &mut chunk.records {
                record.number += records;
                record.line += lines;
            }
            self.problems.add_part(part.problems, lines, records);
            self.finished = (records + part.records, lines + part.lines);
        }
        Ok(chunk)
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

/// Makes a chunk of records that are kept somewhere.
pub type MakeChunk = Box<dyn FnOnce() -> io::Result<Chunk> + Send>;

/// Records that are kept somewhere, piece by piece.
struct KeptPieces {
    pieces: Box<dyn Iterator<Item = (u64, MakeChunk)> + Send>,
    meter: Meter,
}

impl Splitter for KeptPieces {
    fn next_piece(&mut self) -> Option<Piece> {
        let (bytes, make) = self.pieces.next()?;
        self.meter.add_bytes(bytes);
        Some(Piece::raw(KeptPiece(make)))
    }
}

struct KeptPiece(MakeChunk);

impl RawPiece for KeptPiece {
    fn cut(self: Box<Self>, _: Chunk) -> Part {
        let (chunk, failure) = match (self.0)() {
            Ok(chunk) => (chunk, None),
            Err(error) => (Chunk::default(), Some(error)),
        };
        Part { chunk, numbered: true, failure, ..Part::new(Problems::default()) }
    }
}

/// What a file is.
pub(crate) enum Probed {
    Is,
    Archive,
    /// No log; what it is instead.
    NotLogs(String),
}

/// Tells what a file is without reading it all.
///
/// Text without a time in any of its first lines is no log: nobody says of a file in a folder that it is one.
pub(crate) fn probe(input: &InputFile) -> io::Result<Probed> {
    let meter = Meter::default();
    let file = Counted::new(Stored::File(input.open()?), meter.clone());
    match Opened::new(&input.path, file, &meter) {
        Ok(Opened { sniffed: Sniffed::Is(Format::Text), head, whole, .. }) if !has_times(&head, whole) => {
            Ok(Probed::NotLogs("text without times".to_owned()))
        }
        Ok(Opened { sniffed: Sniffed::Is(_), .. }) => Ok(Probed::Is),
        Ok(Opened { sniffed: Sniffed::Archive(_), .. }) => Ok(Probed::Archive),
        Ok(Opened { sniffed: Sniffed::NotLogs(found), .. }) => Ok(Probed::NotLogs(found.to_owned())),
        Err(SourceError::Open { source, .. } | SourceError::Read { source, .. }) => Err(source),
        Err(other) => Ok(Probed::NotLogs(other.to_string())),
    }
}
