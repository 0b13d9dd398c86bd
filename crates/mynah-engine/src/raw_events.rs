use crate::error::EngineError;
use crate::feed::Feed;
use crate::scan::{Data, Scanner};
use mynah_event::{EventId, LogSource, Timestamp};
use mynah_view::{Binding, FieldType, Kind, Meta, Origin, ScanColumn};
use std::collections::BTreeSet;
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
    let binding: Arc<[Binding]> = Arc::new([Binding {
        origin: Origin::Meta(Meta::Time),
        apply: Vec::new(),
        when: Vec::new(),
        objects_as_json: false,
        also: false,
    }]);
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
    let files: BTreeSet<u32> = ids.iter().map(|id| id.file()).collect();
    for file in files {
        let last = ids.range(..=EventId::new(file, u64::MAX)).next_back().map_or(0, |id| id.record());
        let (feed, mut worker) = Feed::of_file(data.clone(), file);
        let mut scanner = Scanner::new(&feed, &columns);
        let name = feed.file(file).map(|file| file.path.display().to_string()).unwrap_or_default();
        while let Some(from) = feed.next(&mut worker) {
            for record in &from.chunk.records {
                if !ids.contains(&EventId::new(file, record.number)) {
                    continue;
                }
                let (source, time) = scanner.time(from, record);
                each(RawEvent {
                    source: source.unwrap_or_else(|| LogSource::new(LogSource::JSON)),
                    file: name.clone(),
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
