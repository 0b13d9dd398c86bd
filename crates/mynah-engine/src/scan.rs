use crate::clock::Newest;
use crate::extract::{Captures, Columns, Program, RecordContext};
use crate::feed::{Feed, FileChunk};
use crate::prefilter::Prefilter;
use crate::progress::Progress;
use crate::store::Stored;
use mynah_event::{EventIdError, LogSource, Path, Record, Shape, Timestamp};
use mynah_source::{InputFile, JsonIndex, JsonText, Members, Recogniser};
use mynah_view::ScanColumn;
use std::sync::Arc;

/// The data of a run.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// The files that events come from, whose numbers are in the events' ids: first those that are read, then those of stores.
    pub files: Arc<[InputFile]>,
    /// What is read instead of the files of stores.
    pub stored: Stored,
    pub recogniser: Arc<Recogniser>,
    pub progress: Arc<Progress>,
    /// Whether records that cannot be in a result are left out unparsed.
    pub prefilter: bool,
    /// What is shown all events that a scan reads, to prove the guess that a query's clock is.
    pub newest: Option<Arc<Newest>>,
}

/// Programs by log source and shape: few enough to be gone through for every record.
type Programs = Vec<((usize, Shape), Program)>;

/// Takes values out of records, with a program for each log source and shape that they turn out to be.
pub(crate) struct Scanner<'a> {
    feed: &'a Feed,
    columns: &'a [ScanColumn],
    programs: Programs,
    captures: Captures,
    index: JsonIndex,
    members: Members,
    prefilter: Option<&'a Prefilter>,
    /// The number and the name of the file at hand.
    file: Option<(u32, String)>,
}

impl<'a> Scanner<'a> {
    pub fn new(feed: &'a Feed, columns: &'a [ScanColumn]) -> Self {
        Scanner {
            feed,
            columns,
            programs: Programs::new(),
            captures: Captures::default(),
            index: JsonIndex::default(),
            members: Members::default(),
            prefilter: None,
            file: None,
        }
    }

    /// A scanner that leaves out the events of log sources that the prefilter rules out.
    pub fn with_prefilter(feed: &'a Feed, columns: &'a [ScanColumn], prefilter: &'a Prefilter) -> Self {
        Scanner { prefilter: Some(prefilter), ..Scanner::new(feed, columns) }
    }

    /// Appends one record's values to the columns; a record that is broken is noted instead.
    pub fn extract(&mut self, from: &FileChunk, record: &Record, out: &mut Columns) -> Result<(), EventIdError> {
        let document = self.index.of(from.chunk.document(record));
        let number = from.unit.number;
        let id = from.unit.id(record)?;
        let file = match (&from.unit.stored, self.file.take()) {
            (Some(part), _) => part.name_of(id.file()),
            (None, Some(known)) if known.0 == number => self.file.insert(known).1.as_str(),
            _ => self.file.insert((number, from.unit.file.path.display().to_string())).1.as_str(),
        };
        let known = (&mut self.programs, &mut self.members);
        let Some((log_source, program)) = program(self.feed, self.columns, known, from, document) else {
            return Ok(());
        };
        if self.prefilter.is_some_and(|prefilter| prefilter.rules_out(log_source)) {
            return Ok(());
        }
        let context = RecordContext {
            raw: from.chunk.raw(record),
            other_document: (record.raw != record.document).then(|| from.chunk.document(record)),
            file,
            log_source: log_source.as_str(),
            number: id.record(),
        };
        match program.run(document, &context, &self.members, &mut self.captures, out) {
            Ok(()) => {
                for column in out.left_out().filter_map(|index| self.columns.get(index)) {
                    self.feed.data().progress.leaves_out(&column.name);
                }
                out.end_row(id);
            }
            Err(error) => self.feed.record_problem(&from.unit, record, error),
        }
        Ok(())
    }

    /// The log source and the time of one record.
    pub fn time(&mut self, from: &FileChunk, record: &Record) -> (Option<LogSource>, Option<Timestamp>) {
        let document = self.index.of(from.chunk.document(record));
        let known = (&mut self.programs, &mut self.members);
        let Some((log_source, program)) = program(self.feed, self.columns, known, from, document) else {
            return (None, None);
        };
        let time = program.time(document, &self.members, &mut self.captures).ok().flatten();
        (Some(log_source.clone()), time)
    }
}

/// The program for a record, and the members that were gone over to tell which it is.
fn program<'f, 'p>(
    feed: &'f Feed,
    columns: &[ScanColumn],
    (programs, members): (&'p mut Programs, &mut Members),
    from: &FileChunk,
    document: JsonText<'_>,
) -> Option<(&'f LogSource, &'p Program)> {
    let recogniser = &feed.data().recogniser;
    let forced = from.unit.file.source.as_ref();
    let forced = forced.and_then(|log_source| recogniser.index(log_source));
    let recognised = recogniser.recognise_as(forced, document, members);
    let source = recogniser.sources().get(recognised.source)?;
    let wanted = (recognised.source, recognised.shape);
    let known = programs.iter().position(|(known, _)| *known == wanted);
    let index = known.unwrap_or_else(|| {
        let family = recogniser.family(source.log_source());
        let physical = |path: &Path| source.physical(recognised.shape, path);
        programs.push((wanted, Program::new(columns, &family, source.time_paths(), &physical)));
        programs.len() - 1
    });
    Some((source.log_source(), programs.get(index).map(|(_, program)| program)?))
}
