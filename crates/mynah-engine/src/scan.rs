use crate::extract::{Captures, Columns, JsonError, Program, RecordContext};
use crate::prefilter::Prefilter;
use crate::progress::Progress;
use mynah_event::{EventId, LogSource, Record, Shape, Timestamp};
use mynah_source::{Chunk, DataProblem, InputFile, ProblemKind, Reader, Recognised, Recogniser, SourceError};
use mynah_view::ScanColumn;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The data of a run.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub files: Arc<[InputFile]>,
    pub recogniser: Arc<Recogniser>,
    pub progress: Arc<Progress>,
}

/// Reads records one file after the other, with a program for each log source and shape they turn out to be.
pub(crate) struct Scanner<'a> {
    data: &'a Data,
    columns: &'a [ScanColumn],
    programs: HashMap<(usize, Shape), Program>,
    captures: Captures,
    prefilter: Option<&'a Prefilter>,
}

/// How many problems of one file are kept, as the reader keeps.
const KEPT: usize = 16;

impl<'a> Scanner<'a> {
    pub fn new(data: &'a Data, columns: &'a [ScanColumn]) -> Self {
        Scanner { data, columns, programs: HashMap::new(), captures: Captures::default(), prefilter: None }
    }

    /// A scanner that leaves out the events of log sources that the prefilter rules out.
    pub fn with_prefilter(data: &'a Data, columns: &'a [ScanColumn], prefilter: &'a Prefilter) -> Self {
        Scanner { prefilter: Some(prefilter), ..Scanner::new(data, columns) }
    }

    /// Reads one file, chunk by chunk, until `each` says to stop; notes what is wrong with it.
    pub fn file(&mut self, number: u32, mut each: impl FnMut(&mut Self, &FileRecords<'_, '_>) -> Result<bool, Stop>) -> Result<(), Stop> {
        let Some(file) = self.data.files.get(number as usize) else { return Ok(()) };
        let trouble = RefCell::new(Trouble { file, count: 0, kept: Vec::new() });
        let mut reader = match Reader::open(file) {
            Ok(reader) => reader,
            Err(error) => {
                let mut trouble = trouble.into_inner();
                trouble.of_file(&error);
                self.data.progress.problems(&file.path, trouble.count, trouble.kept);
                return Ok(());
            }
        };
        let name = file.path.display().to_string();
        let mut bytes = 0;
        let result = loop {
            match reader.next_chunk() {
                Ok(None) => break Ok(()),
                Ok(Some(chunk)) => {
                    let now = reader.bytes_read();
                    self.data.progress.add(now.saturating_sub(bytes), chunk.records.len() as u64);
                    bytes = now;
                    let records = FileRecords { number, name: &name, forced: file.source.as_ref(), chunk: &chunk, trouble: &trouble };
                    match each(self, &records) {
                        Ok(true) => {}
                        Ok(false) => break Ok(()),
                        Err(stop) => break Err(stop),
                    }
                }
                Err(error) => {
                    trouble.borrow_mut().of_file(&error);
                    break Ok(());
                }
            }
        };
        self.data.progress.add(reader.bytes_read().saturating_sub(bytes), 0);
        let mut trouble = trouble.into_inner();
        let count = trouble.count + reader.problem_count();
        trouble.kept.extend(reader.problems().iter().cloned());
        trouble.kept.sort_by_key(|problem| (problem.line, problem.record));
        trouble.kept.truncate(KEPT);
        self.data.progress.problems(&file.path, count, trouble.kept);
        result
    }

    /// Appends one record's values to the columns; a record that is broken is noted instead.
    pub fn extract(&mut self, records: &FileRecords<'_, '_>, record: &Record, out: &mut Columns) {
        let document = records.chunk.document(record);
        let Some((log_source, program)) = program(self.data, self.columns, &mut self.programs, records.forced, document) else { return };
        if self.prefilter.is_some_and(|prefilter| prefilter.rules_out(&log_source)) {
            return;
        }
        let context = RecordContext {
            raw: records.chunk.raw(record).as_bytes(),
            file: records.name,
            log_source: log_source.as_str(),
            number: record.number,
        };
        match program.run(document.as_bytes(), &context, &mut self.captures, out) {
            Ok(()) => out.end_row(EventId::new(records.number, record.number)),
            Err(error) => records.trouble.borrow_mut().of_record(record, error),
        }
    }

    /// The log source and the time of one record.
    pub fn time(&mut self, records: &FileRecords<'_, '_>, record: &Record) -> (Option<LogSource>, Option<Timestamp>) {
        let document = records.chunk.document(record);
        let Some((log_source, program)) = program(self.data, self.columns, &mut self.programs, records.forced, document) else {
            return (None, None);
        };
        let time = program.time(document.as_bytes(), &mut self.captures).ok().flatten();
        (Some(log_source), time)
    }
}

fn program<'p>(
    data: &Data,
    columns: &[ScanColumn],
    programs: &'p mut HashMap<(usize, Shape), Program>,
    forced: Option<&LogSource>,
    document: &str,
) -> Option<(LogSource, &'p Program)> {
    let recognised = match forced.and_then(|log_source| data.recogniser.index(log_source)) {
        Some(source) => Recognised { source, shape: data.recogniser.shape_as(source, document.as_bytes()) },
        None => data.recogniser.recognise(document.as_bytes()),
    };
    let source = data.recogniser.sources().get(recognised.source)?;
    let program = programs.entry((recognised.source, recognised.shape)).or_insert_with(|| {
        let family = data.recogniser.family(source.log_source());
        Program::new(columns, &family, source.time_paths(), &|path| source.physical(recognised.shape, path))
    });
    Some((source.log_source().clone(), program))
}

/// Some records of one file.
pub(crate) struct FileRecords<'a, 'f> {
    pub number: u32,
    pub name: &'a str,
    pub forced: Option<&'a LogSource>,
    pub chunk: &'a Chunk,
    trouble: &'a RefCell<Trouble<'f>>,
}

/// Nobody wants any more records.
#[derive(Debug)]
pub(crate) struct Stop(pub datafusion::error::DataFusionError);

/// What is wrong with one file, beyond what its reader noticed.
struct Trouble<'a> {
    file: &'a InputFile,
    count: u64,
    kept: Vec<DataProblem>,
}

impl Trouble<'_> {
    fn of_file(&mut self, error: &SourceError) {
        let kind = match error {
            SourceError::Open { .. } | SourceError::Read { .. } => ProblemKind::Unreadable,
            SourceError::NotLogs { .. } => ProblemKind::NotLogs,
            SourceError::Damaged { .. } => ProblemKind::Damaged,
        };
        self.add(kind, None, None, error.to_string());
    }

    fn of_record(&mut self, record: &Record, error: JsonError) {
        let kind = if error == JsonError::TooDeep { ProblemKind::TooDeep } else { ProblemKind::Malformed };
        self.add(kind, Some(record.line), Some(record.number), error.to_string());
    }

    fn add(&mut self, kind: ProblemKind, line: Option<u64>, record: Option<u64>, message: String) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(DataProblem { file: self.file.path.clone(), line, record, kind, message });
        }
    }
}
