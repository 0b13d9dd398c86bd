use crate::columns::TIME;
use crate::error::LakeError;
use crate::files::Files;
use crate::lake::{FILES, Lake, events_of};
use mynah_event::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a table holds, as its log says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOverview {
    /// Its log source; `files` of the table of the files that were ingested.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// How many rows it has: records, and for `files` files.
    pub rows: u64,
    /// On how many days its events happened.
    pub days: usize,
    /// How many Parquet files it has.
    pub files: usize,
    /// How many bytes these have.
    pub bytes: u64,
    /// When the first and the last of its events happened.
    pub times: Option<(Timestamp, Timestamp)>,
}

/// What the tables of a lake hold, `files` first, then those of the log sources by name.
///
/// ```
/// use mynah_lake::{Lake, overview};
///
/// let folder = tempfile::tempdir()?;
/// let tables = overview(&Lake::create(folder.path())?)?;
/// assert_eq!((tables.len(), tables[0].name.as_str(), tables[0].rows), (1, "files", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where a table cannot be read.
pub fn overview(lake: &Lake) -> Result<Vec<TableOverview>, LakeError> {
    let mut files = table(lake, FILES, FILES)?;
    files.rows = Files::read(lake)?.all().count() as u64;
    let mut tables = vec![files];
    for log_source in lake.log_sources()? {
        tables.push(table(lake, log_source.as_str(), &events_of(&log_source))?);
    }
    Ok(tables)
}

fn table(lake: &Lake, name: &str, path: &str) -> Result<TableOverview, LakeError> {
    let mut overview = TableOverview { name: name.to_owned(), ..TableOverview::default() };
    let Some(table) = lake.table(path)? else { return Ok(overview) };
    let snapshot = table.snapshot().map_err(LakeError::of_table(path))?;
    overview.version = snapshot.version();
    let mut days = BTreeSet::new();
    for view in snapshot.log_data().iter() {
        let statistics: Value = view.stats().and_then(|stats| serde_json::from_str(&stats).ok()).unwrap_or_default();
        let time = |ends: &str| Timestamp::parse(statistics.get(ends)?.get(TIME)?.as_str()?).ok();
        overview.rows += statistics.get("numRecords").and_then(Value::as_u64).unwrap_or(0);
        overview.files += 1;
        overview.bytes += u64::try_from(view.size()).unwrap_or(0);
        days.extend(view.partition_values_map().into_values().flatten());
        if let (Some(first), Some(last)) = (time("minValues"), time("maxValues")) {
            let (known_first, known_last) = overview.times.unwrap_or((first, last));
            overview.times = Some((first.min(known_first), last.max(known_last)));
        }
    }
    overview.days = days.len();
    Ok(overview)
}
