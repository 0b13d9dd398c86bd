use crate::error::EngineError;
use crate::feed::{Feed, Worker};
use crate::scan::{Data, Scanner};
use mynah_event::{EventId, LogSource, Timestamp};
use mynah_view::{Binding, FieldType, Kind, Meta, ScanColumn};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An event as its log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    /// The log source it belongs to.
    pub source: LogSource,
    /// Its file, as the user named it.
    pub file: String,
    /// Its number in that file, from 1.
    pub record: u64,
    /// When it happened, if it says so.
    pub time: Option<Timestamp>,
    /// Its own text.
    pub raw: String,
}

/// A column with just the time, so that a scan has something to compile.
pub(crate) fn time_column(data: &Data) -> ScanColumn {
    let binding: Arc<[Binding]> = Arc::new([Binding::meta(Meta::Time)]);
    ScanColumn {
        name: "time".to_owned(),
        field_type: FieldType::one(Kind::Milliseconds),
        bindings: data
            .recogniser
            .sources()
            .iter()
            .map(|source| (source.log_source().clone(), Arc::clone(&binding)))
            .collect(),
    }
}

/// Gives the events with these ids to `each`, in the order of the files.
pub(crate) fn fetch(
    data: &Data,
    ids: &BTreeSet<EventId>,
    mut each: impl FnMut(RawEvent) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let columns = [time_column(data)];
    let files: BTreeMap<u32, u64> = ids.iter().map(|id| (id.file(), id.record())).collect();
    for (file, last) in files {
        let feed = Feed::of_file(data.clone(), file);
        let mut worker = Worker::default();
        let mut scanner = Scanner::new(&feed, &columns);
        while let Some(from) = feed.next(&mut worker) {
            for record in &from.chunk.records {
                if !EventId::new(file, record.number).is_ok_and(|id| ids.contains(&id)) {
                    continue;
                }
                let (source, time) = scanner.time(from, record);
                each(RawEvent {
                    source: source.unwrap_or_else(|| LogSource::new(LogSource::JSON)),
                    file: from.unit.file.path.display().to_string(),
                    record: record.number,
                    time,
                    raw: from.chunk.raw(record).to_owned(),
                })?;
            }
            if from.chunk.records.last().is_some_and(|record| record.number >= last) {
                break;
            }
        }
    }
    Ok(())
}
