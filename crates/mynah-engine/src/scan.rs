use crate::clock::Newest;
use crate::extract::{Captures, Columns, Program, RecordContext};
use crate::feed::{Feed, FileChunk};
use crate::prefilter::Prefilter;
use crate::progress::Progress;
use mynah_event::{EventId, LogSource, Path, Record, Shape, Timestamp};
use mynah_source::{InputFile, JsonIndex, JsonText, Recognised, Recogniser};
use mynah_view::ScanColumn;
use std::sync::Arc;

/// The data of a run.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub files: Arc<[InputFile]>,
    pub recogniser: Arc<Recogniser>,
    pub progress: Arc<Progress>,
    /// Whether records that cannot be in a result are left out unparsed.
    pub prefilter: bool,
    /// What is shown all events that a scan reads, to prove the guess that a query's clock is.
    pub newest: Option<Arc<Newest>>,
}

/// Takes values out of records, with a program for each log source and shape that they turn out to be.
pub(crate) struct Scanner<'a> {
    feed: &'a Feed,
    columns: &'a [ScanColumn],
    /// Few enough to be gone through for every record.
    programs: Vec<((usize, Shape), Program)>,
    captures: Captures,
    index: JsonIndex,
    prefilter: Option<&'a Prefilter>,
    /// The name of the file at hand.
    file: (u32, String),
}

impl<'a> Scanner<'a> {
    pub fn new(feed: &'a Feed, columns: &'a [ScanColumn]) -> Self {
        let file = (u32::MAX, String::new());
        Scanner {
            feed,
            columns,
            programs: Vec::new(),
            captures: Captures::default(),
            index: JsonIndex::default(),
            prefilter: None,
            file,
        }
    }

    /// A scanner that leaves out the events of log sources that the prefilter rules out.
    pub fn with_prefilter(feed: &'a Feed, columns: &'a [ScanColumn], prefilter: &'a Prefilter) -> Self {
        Scanner { prefilter: Some(prefilter), ..Scanner::new(feed, columns) }
    }

    /// Appends one record's values to the columns; a record that is broken is noted instead.
    pub fn extract(&mut self, from: &FileChunk, record: &Record, out: &mut Columns) {
        let document = self.index.of(from.chunk.document(record));
        if self.file.0 != from.file {
            self.file =
                (from.file, self.feed.file(from.file).map(|file| file.path.display().to_string()).unwrap_or_default());
        }
        let Some((log_source, program)) = program(self.feed, self.columns, &mut self.programs, from.file, document)
        else {
            return;
        };
        if self.prefilter.is_some_and(|prefilter| prefilter.rules_out(log_source)) {
            return;
        }
        let context = RecordContext {
            raw: from.chunk.raw(record),
            file: &self.file.1,
            log_source: log_source.as_str(),
            number: record.number,
        };
        match program.run(document, &context, &mut self.captures, out) {
            Ok(()) => out.end_row(EventId::new(from.file, record.number)),
            Err(error) => self.feed.record_problem(from.file, record, error),
        }
    }

    /// The log source and the time of one record.
    pub fn time(&mut self, from: &FileChunk, record: &Record) -> (Option<LogSource>, Option<Timestamp>) {
        let document = self.index.of(from.chunk.document(record));
        let Some((log_source, program)) = program(self.feed, self.columns, &mut self.programs, from.file, document)
        else {
            return (None, None);
        };
        let time = program.time(document, &mut self.captures).ok().flatten();
        (Some(log_source.clone()), time)
    }
}

fn program<'f, 'p>(
    feed: &'f Feed,
    columns: &[ScanColumn],
    programs: &'p mut Vec<((usize, Shape), Program)>,
    file: u32,
    document: JsonText<'_>,
) -> Option<(&'f LogSource, &'p Program)> {
    let recogniser = &feed.data().recogniser;
    let forced = feed.file(file).and_then(|file| file.source.as_ref());
    let recognised = match forced.and_then(|log_source| recogniser.index(log_source)) {
        Some(source) => Recognised { source, shape: recogniser.shape_as(source, document) },
        None => recogniser.recognise(document),
    };
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
