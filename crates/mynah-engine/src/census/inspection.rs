//! All records of the data: of which log source each is, when and on which host it was written.
use super::{Census, Histogram, Seen, merge};
use crate::error::EngineError;
use crate::extract::Columns;
use crate::feed::{Feed, Worker};
use crate::raw_events::time_column;
use crate::scan::{Data, Scanner};
use crate::threads::on_each_thread;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, UInt64Type};
use datafusion::error::DataFusionError;
use mynah_event::{EventId, LogSource, Timestamp};
use mynah_source::{Format, InputFile, Reader};
use mynah_view::{Binding, EVENT_ID, FieldType, Kind, Meta, ScanColumn};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// How many hosts of a log source are told apart.
const MOST_HOSTS: usize = 10_000;

/// What the data is, as [`Engine::inspect`](crate::Engine::inspect) finds it.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Its files, in their order.
    pub files: Vec<Inspected>,
    /// Its log sources, each over all files.
    pub sources: BTreeMap<LogSource, Overview>,
}

/// One file of the data.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// Its path, as the user named it.
    pub path: PathBuf,
    /// Its size, as it is stored.
    pub size: u64,
    /// Its container; none if it cannot be read.
    pub format: Option<Format>,
    /// Its records, by log source.
    pub sources: BTreeMap<LogSource, Seen>,
}

/// One log source, over all files.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// How many records over time, those without one left aside.
    pub times: Histogram,
    /// How many records of each host, where records say on which they were written.
    pub hosts: Hosts,
}

/// How many records hosts have.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    counts: BTreeMap<String, u64>,
    others: u64,
}

impl Hosts {
    fn add(&mut self, host: &str, records: u64) {
        if let Some(known) = self.counts.get_mut(host) {
            *known += records;
        } else if self.counts.len() < MOST_HOSTS {
            self.counts.insert(host.to_owned(), records);
        } else {
            self.others += records;
        }
    }

    /// With what was counted elsewhere.
    pub fn merge(&mut self, other: &Hosts) {
        other.counts.iter().for_each(|(host, records)| self.add(host, *records));
        self.others += other.others;
    }

    /// The records of each host; of some thousand hosts at most.
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// How many records are of hosts beyond these.
    pub fn others(&self) -> u64 {
        self.others
    }
}

/// Looks at every record. A record's host is in the first of these columns that has a value.
pub(crate) fn inspect(data: &Data, threads: usize, hosts: Vec<ScanColumn>) -> Result<Inspection, EngineError> {
    let feed = Feed::new(data.clone());
    let mut columns = vec![time_column(data), source_column(data)];
    columns.extend(hosts);
    let parts = on_each_thread(threads, || read(&feed, &columns));
    feed.report();
    let mut all = Part::default();
    for part in parts? {
        let part = part?;
        merge(&mut all.files, part.files);
        for (source, overview) in part.sources {
            all.sources.entry(source).or_default().merge(overview);
        }
    }
    let Part { mut files, sources } = all;
    let file = |(number, file): (u32, &InputFile)| Inspected {
        path: file.path.clone(),
        size: file.size,
        format: match (number as usize) < data.read().len() {
            true => Reader::open(file, data.recogniser.texts()).ok().map(|reader| reader.format()),
            false => Some(Format::Lake),
        },
        sources: files.remove(&number).unwrap_or_default(),
    };
    Ok(Inspection { files: (0..).zip(data.files.iter()).map(file).collect(), sources })
}

/// A column with each event's log source.
fn source_column(data: &Data) -> ScanColumn {
    let binding: Arc<[Binding]> = Arc::new([Binding::meta(Meta::LogSource)]);
    let sources = data.recogniser.sources().iter();
    ScanColumn {
        name: "source".to_owned(),
        field_type: FieldType::one(Kind::Text),
        bindings: sources.map(|source| (source.log_source().clone(), Arc::clone(&binding))).collect(),
    }
}

/// What one thread has seen.
#[derive(Default)]
struct Part {
    files: Census,
    sources: BTreeMap<LogSource, Overview>,
}

fn read(feed: &Feed, columns: &[ScanColumn]) -> Result<Part, EngineError> {
    let types: Vec<FieldType> = columns.iter().map(|column| column.field_type).collect();
    let fields = columns.iter().map(|column| Field::new(&column.name, column.field_type.data_type(), true));
    let id = Field::new(EVENT_ID, DataType::UInt64, false);
    let schema: SchemaRef = Arc::new(Schema::new(fields.chain([id]).collect::<Vec<_>>()));
    let mut taken = Columns::new(&types);
    let mut scanner = Scanner::new(feed, columns);
    let mut worker = Worker::default();
    let mut part = Part::default();
    while let Some(from) = feed.next(&mut worker) {
        for record in &from.chunk.records {
            let extracted = scanner.extract(from, record, &mut taken);
            extracted.map_err(|error| DataFusionError::Execution(error.to_string()))?;
        }
        part.add(&taken.finish(Arc::clone(&schema), true)?);
    }
    Ok(part)
}

impl Part {
    /// Counts the records of a chunk.
    fn add(&mut self, batch: &RecordBatch) {
        let [times, sources, hosts @ .., ids] = batch.columns() else { return };
        let (times, sources) = (times.as_primitive::<Int64Type>(), sources.as_string::<i32>());
        let ids = ids.as_primitive::<UInt64Type>();
        let host = |row: usize| {
            let texts = hosts.iter().filter(|host| *host.data_type() == DataType::Utf8 && host.is_valid(row));
            texts.map(|host| host.as_string::<i32>().value(row)).find(|host| !host.is_empty() && *host != "-")
        };
        let mut known: Vec<(u32, LogSource, Seen, Overview)> = Vec::new();
        for row in 0..batch.num_rows() {
            let source = if sources.is_valid(row) { sources.value(row) } else { LogSource::JSON };
            let file = EventId(ids.value(row)).file();
            let is_known = |(of, known, ..): &(u32, LogSource, Seen, Overview)| *of == file && known.as_str() == source;
            // Records of one file and log source mostly stand together.
            let index = known.iter().rposition(is_known).unwrap_or_else(|| {
                known.push((file, LogSource::new(source), Seen::default(), Overview::default()));
                known.len() - 1
            });
            let Some((.., seen, overview)) = known.get_mut(index) else { continue };
            let time = times.is_valid(row).then(|| Timestamp::from_milliseconds(times.value(row)));
            seen.add(time);
            time.into_iter().for_each(|time| overview.times.add(time));
            host(row).into_iter().for_each(|host| overview.hosts.add(host, 1));
        }
        for (file, source, seen, overview) in known {
            self.files.entry(file).or_default().entry(source.clone()).or_default().merge(seen);
            self.sources.entry(source).or_default().merge(overview);
        }
    }
}

impl Overview {
    /// With what was seen elsewhere.
    pub fn merge(&mut self, other: Overview) {
        self.times.merge(other.times);
        self.hosts.merge(&other.hosts);
    }
}
