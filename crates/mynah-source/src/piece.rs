use crate::Chunk;
use crate::problem::Problems;
use crate::text::LineParser;
use std::io;

/// A stretch of a file that a [`Reader`](crate::Reader) has set apart and nobody has cut into records yet.
///
/// Cutting needs nothing of the reader: whoever holds a piece can do it while others take the next ones.
/// What comes of it goes back to the reader with [`Reader::finish`](crate::Reader::finish).
///
/// ```
/// use mynah_source::{Chunk, Reader};
///
/// let mut reader = Reader::from_bytes("app.log", b"{\"a\":1}\n{\"a\":2}\n".to_vec())?;
/// let piece = reader.next_piece()?.expect("there are lines");
/// // On any thread:
/// let part = piece.cut(Chunk::default());
/// let chunk = reader.finish(part)?;
/// assert_eq!(chunk.records.len(), 2);
/// # Ok::<(), mynah_source::SourceError>(())
/// ```
pub struct Piece(Held);

enum Held {
    /// Of a container that only one can read at a time.
    Cut(Chunk),
    /// Lines of text, whose documents are to be made.
    Lines(Chunk, LineParser),
    Raw(Box<dyn RawPiece>),
}

/// A piece in the form that its container has it in.
pub(crate) trait RawPiece: Send {
    /// Reads it and cuts it into records, into what `spare` has allocated. Records and lines count from 1.
    fn cut(self: Box<Self>, spare: Chunk) -> Part;
}

/// What a [`Piece`] was cut into. It does not know yet what number its first record has.
pub struct Part {
    pub(crate) chunk: Chunk,
    /// Whether `chunk` has its numbers already.
    pub(crate) numbered: bool,
    /// How many records there were, those left out among them.
    pub(crate) records: u64,
    pub(crate) lines: u64,
    pub(crate) problems: Problems,
    /// Why the file could not be read here.
    pub(crate) failure: Option<io::Error>,
}

impl Piece {
    pub(crate) fn cut_already(chunk: Chunk) -> Piece {
        Piece(Held::Cut(chunk))
    }

    pub(crate) fn of_lines(chunk: Chunk, parser: LineParser) -> Piece {
        Piece(Held::Lines(chunk, parser))
    }

    pub(crate) fn raw(piece: impl RawPiece + 'static) -> Piece {
        Piece(Held::Raw(Box::new(piece)))
    }

    /// Cuts it into records. `spare` is a chunk that is done with, or an empty one: its memory is used again.
    pub fn cut(self, spare: Chunk) -> Part {
        match self.0 {
            Held::Raw(piece) => piece.cut(spare),
            Held::Lines(mut chunk, parser) => {
                chunk.parse_lines(&parser);
                Part { chunk, numbered: true, ..Part::new(Problems::default()) }
            }
            Held::Cut(chunk) => Part { chunk, numbered: true, ..Part::new(Problems::default()) },
        }
    }
}

impl Part {
    /// Nothing so far.
    pub(crate) fn new(problems: Problems) -> Part {
        Part { chunk: Chunk::default(), numbered: false, records: 0, lines: 0, problems, failure: None }
    }
}
