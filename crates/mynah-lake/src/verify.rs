//! Whether a lake is what its logs say.
use crate::columns::{FILE, RECORD, TIME};
use crate::error::LakeError;
use crate::files::Files;
use crate::lake::{Lake, events_of};
use crate::object_file::ObjectFile;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::{max, min};
use datafusion::arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use deltalake_core::kernel::LogicalFileView;
use mynah_event::{EventId, Timestamp};
use object_store::path::Path as ObjectPath;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many things that are wrong are told.
const TOLD: usize = 100;

/// What a look at all of a lake gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many tables there are.
    pub tables: usize,
    /// How many Parquet files.
    pub files: usize,
    /// How many records.
    pub records: u64,
    /// What is wrong, the first hundred things, each a sentence with its place.
    pub wrong: Vec<String>,
    /// How many things are wrong.
    pub wrong_count: u64,
}

impl Verified {
    fn add(&mut self, wrong: String) {
        self.wrong_count += 1;
        if self.wrong.len() < TOLD {
            self.wrong.push(wrong);
        }
    }
}

/// Reads all of a lake: whether each file is there, as large and with as many rows as the log says, and its times and files within the
/// ends that the log says; whether each record is there once, and each file that is done has all of its records.
///
/// ```
/// use mynah_lake::{Lake, verify};
///
/// let folder = tempfile::tempdir()?;
/// let found = verify(&Lake::create(folder.path())?)?;
/// assert!(found.wrong.is_empty() && found.tables == 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the list of its files or a table's log cannot be read. All else is among what is wrong.
pub fn verify(lake: &Lake) -> Result<Verified, LakeError> {
    let files = Files::read(lake)?;
    let mut found = Verified { tables: 1, ..Verified::default() };
    let mut seen: BTreeMap<u32, Records> = files.all().map(|file| (file.number, Records::default())).collect();
    for log_source in lake.log_sources()? {
        let name = events_of(&log_source);
        let Some(table) = lake.table(&name)? else { continue };
        found.tables += 1;
        let snapshot = table.snapshot().map_err(LakeError::of_table(&name))?;
        for view in snapshot.log_data().iter() {
            let place = ObjectPath::from(format!("{name}/{}", view.path()));
            found.files += 1;
            if let Err(wrong) = data_file(lake, &view, &place, &mut seen, &mut found) {
                found.add(format!("{place}: {wrong}"));
            }
        }
    }
    for file in files.all() {
        let (Some(records), Some(seen)) = (file.records, seen.get(&file.number)) else { continue };
        // One that has grown since may have more.
        if seen.count < records {
            let (path, count) = (&file.path, seen.count);
            found.add(format!("{path} has {records} records by the table of files, of which {count} are there"));
        }
    }
    Ok(found)
}

/// Which records of a file were seen.
#[derive(Debug, Default)]
struct Records {
    bits: Vec<u64>,
    count: u64,
}

impl Records {
    /// Notes one; whether it is a new one.
    fn add(&mut self, record: u64) -> bool {
        let word = usize::try_from(record / 64).unwrap_or(usize::MAX);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        let Some(bits) = self.bits.get_mut(word) else { return true };
        let bit = 1_u64 << (record % 64);
        let is_new = *bits & bit == 0;
        self.count += u64::from(is_new);
        *bits |= bit;
        is_new
    }
}

/// Looks at a file; gives why it cannot be read at all.
fn data_file(
    lake: &Lake,
    view: &LogicalFileView,
    place: &ObjectPath,
    seen: &mut BTreeMap<u32, Records>,
    found: &mut Verified,
) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let there = lake.wait(object_store::ObjectStoreExt::head(lake.store(), place)).map_err(|error| said(&error))?;
    let there = match there {
        Ok(there) => there.size,
        Err(object_store::Error::NotFound { .. }) => return Err("the log names it, and it is not there".to_owned()),
        Err(error) => return Err(said(&error)),
    };
    let size = u64::try_from(view.size()).unwrap_or(0);
    if there != size {
        return Err(format!("it has {there} bytes, and {size} by the log"));
    }
    let statistics: Value = view.stats().and_then(|stats| serde_json::from_str(&stats).ok()).unwrap_or_default();
    let file = ObjectFile::new(lake, place.clone(), size);
    let metadata = file.metadata().map_err(|error| said(&error))?;
    let rows = metadata.metadata().file_metadata().num_rows();
    match statistics.get("numRecords").and_then(Value::as_i64) {
        Some(known) if known != rows => found.add(format!("{place}: it has {rows} rows, and {known} by the log")),
        Some(_) => {}
        None => found.add(format!("{place}: the log does not say how many rows it has")),
    }
    let mut ends = Ends::default();
    for group in 0..metadata.metadata().num_row_groups() {
        let batches = file.group(&metadata, group, Some(&[TIME, FILE, RECORD])).map_err(|error| said(&error))?;
        for batch in batches {
            found.records += batch.num_rows() as u64;
            if !ends.add(&batch) || !note(&batch, place, seen, found) {
                return Err("its rows are not those of events".to_owned());
            }
        }
    }
    ends.compare(&statistics, place, found);
    Ok(())
}

/// Notes the records of some rows; not where the rows are something else.
fn note(batch: &RecordBatch, place: &ObjectPath, seen: &mut BTreeMap<u32, Records>, found: &mut Verified) -> bool {
    let file = batch.column_by_name(FILE).and_then(|column| column.as_primitive_opt::<Int32Type>());
    let record = batch.column_by_name(RECORD).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let (Some(file), Some(record)) = (file, record) else { return false };
    for (file, record) in file.iter().zip(record) {
        let known = file.and_then(|file| seen.get_mut(&u32::try_from(file).ok()?));
        let number = record.and_then(|record| u64::try_from(record).ok()).filter(|record| *record <= MOST_RECORDS);
        match (known, number) {
            (Some(records), Some(number)) => {
                if !records.add(number) {
                    found.add(format!("{place}: record {number} of file {} is there twice", file.unwrap_or_default()));
                }
            }
            (None, _) => found.add(format!("{place}: a row is of no file that the lake knows")),
            (_, None) => found.add(format!("{place}: a row has no number that a record can have")),
        }
    }
    true
}

/// Numbers up to this are noted bit by bit: half a gigabyte of them.
const MOST_RECORDS: u64 = if EventId::MAX_RECORDS < 1 << 32 { EventId::MAX_RECORDS } else { 1 << 32 };

/// Between which ends the times and files of rows lie.
#[derive(Debug, Default)]
struct Ends {
    times: Option<(i64, i64)>,
    files: Option<(i32, i32)>,
}

impl Ends {
    fn add(&mut self, batch: &RecordBatch) -> bool {
        let time = batch.column_by_name(TIME).and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>());
        let file = batch.column_by_name(FILE).and_then(|column| column.as_primitive_opt::<Int32Type>());
        let (Some(time), Some(file)) = (time, file) else { return false };
        self.times = wider(self.times, min(time).zip(max(time)));
        self.files = wider(self.files, min(file).zip(max(file)));
        true
    }

    fn compare(&self, statistics: &Value, place: &ObjectPath, found: &mut Verified) {
        let of = |ends: &str, column: &str| statistics.get(ends).and_then(|ends| ends.get(column)).cloned();
        let time = |ends| Timestamp::parse(of(ends, TIME)?.as_str()?).ok();
        if let Some((first, last)) = self.times {
            let (first, last) = (Timestamp::from_microseconds(first), Timestamp::from_microseconds(last));
            let is_within =
                time("minValues").is_none_or(|from| from <= first) && time("maxValues").is_none_or(|to| last <= to);
            if !is_within {
                found.add(format!("{place}: its times are from {first} to {last}, beyond those that the log says"));
            }
        }
        let file = |ends| of(ends, FILE).and_then(|file| file.as_i64());
        if let Some((first, last)) = self.files {
            let (first, last) = (i64::from(first), i64::from(last));
            if file("minValues").is_some_and(|from| from > first) || file("maxValues").is_some_and(|to| to < last) {
                found.add(format!("{place}: its files are {first} to {last}, beyond those that the log says"));
            }
        }
    }
}

fn wider<T: Ord + Copy>(one: Option<(T, T)>, other: Option<(T, T)>) -> Option<(T, T)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}
