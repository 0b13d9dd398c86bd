use crate::error::EngineError;
use crate::feed::{Feed, Worker};
use crate::scan::{Data, Scanner};
use crate::units::Unit;
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

/// An event's time, as its log source tells.
pub(crate) fn time_binding() -> Binding {
    Binding::meta(Meta::Time)
}

/// A column with just the time, so that a scan has something to compile.
pub(crate) fn time_column(data: &Data) -> ScanColumn {
    let binding: Arc<[Binding]> = Arc::new([time_binding()]);
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
    let read = u32::try_from(data.read().len()).unwrap_or(u32::MAX);
    for (file, last) in files.range(..read).map(|(file, last)| (*file, *last)) {
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
    // Behind the files that are read are those of stores.
    match EventId::new(read, 0) {
        Ok(first) => fetch_stored(data, &columns, ids.range(first..).copied().collect(), &mut each),
        Err(_) => Ok(()),
    }
}

/// How many events of stores are held to be put in their order.
const MOST_HELD: usize = 100_000;

/// Gives the events of stores with these ids, in their order.
fn fetch_stored(
    data: &Data,
    columns: &[ScanColumn],
    ids: Vec<EventId>,
    each: &mut dyn FnMut(RawEvent) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    for ids in ids.chunks(MOST_HELD) {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { continue };
        let may_have = |unit: &Unit| unit.stored.as_ref().is_some_and(|part| part.may_have(first.file(), last.file()));
        let feed = Feed::of_units(data.clone(), data.parts().filter(may_have).collect());
        let mut worker = Worker::default();
        let mut scanner = Scanner::new(&feed, columns);
        let mut found: BTreeMap<EventId, RawEvent> = BTreeMap::new();
        while found.len() < ids.len()
            && let Some(from) = feed.next(&mut worker)
        {
            for record in &from.chunk.records {
                let Ok(id) = from.unit.id(record) else { continue };
                if ids.binary_search(&id).is_err() {
                    continue;
                }
                let (source, time) = scanner.time(from, record);
                let event = RawEvent {
                    source: source.unwrap_or_else(|| LogSource::new(LogSource::JSON)),
                    file: from.unit.stored.as_ref().map_or("", |part| part.name_of(id.file())).to_owned(),
                    record: id.record(),
                    time,
                    raw: from.chunk.raw(record).to_owned(),
                };
                found.insert(id, event);
            }
        }
        found.into_values().try_for_each(&mut *each)?;
    }
    Ok(())
}
