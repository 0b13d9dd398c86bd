//! Units of work: the files of a scan, as rows of a table that stands under it.
use crate::scan::Data;
use crate::store::PlacedPart;
use datafusion::arrow::array::{Array, AsArray, BinaryArray, RecordBatch, StringArray, UInt32Array, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt32Type, UInt64Type};
use datafusion::common::{Result, exec_datafusion_err, plan_datafusion_err};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::physical_plan::ExecutionPlan;
use mynah_event::{EventId, EventIdError, LogSource, Record};
use mynah_source::{InputFile, Reader, SourceError, TextFormats};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// A file with its number among the run's files, which its events' ids begin with.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub number: u32,
    pub file: Arc<InputFile>,
    /// The part of a store that it is instead.
    pub stored: Option<Arc<PlacedPart>>,
}

impl Unit {
    pub fn of_file(number: u32, file: &InputFile) -> Unit {
        Unit { number, file: Arc::new(file.clone()), stored: None }
    }

    pub fn open(&self, texts: &TextFormats) -> Result<Reader, SourceError> {
        match &self.stored {
            None => Reader::open(&self.file, texts),
            Some(part) => part.open(),
        }
    }

    /// The id of the event that a record of it is.
    ///
    /// # Errors
    /// Where there are more events than ids.
    pub fn id(&self, record: &Record) -> Result<EventId, EventIdError> {
        match &self.stored {
            None => EventId::new(self.number, record.number),
            Some(part) => {
                let kept = EventId(record.number);
                EventId::new(part.first_file.saturating_add(kept.file()), kept.record())
            }
        }
    }
}

/// Paths are bytes: not all of them are Unicode.
static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::UInt32, false),
        Field::new("path", DataType::Binary, false),
        Field::new("stored", DataType::Binary, true),
        Field::new("size", DataType::UInt64, false),
        Field::new("log_source", DataType::Utf8, true),
    ]))
});

/// A plan of so many partitions whose rows are the files to read, about as many bytes of them in each.
pub(crate) fn source(
    data: &Data,
    units: impl Iterator<Item = Unit>,
    partitions: usize,
) -> Result<Arc<dyn ExecutionPlan>> {
    if data.files.len() > EventId::MAX_FILES as usize {
        return Err(plan_datafusion_err!("{}", EventIdError::Files));
    }
    let mut largest: Vec<Unit> = units.collect();
    largest.sort_by_key(|unit| std::cmp::Reverse(unit.file.size));
    let mut shares: Vec<(u64, BTreeMap<u32, Arc<InputFile>>)> = vec![(0, BTreeMap::new()); partitions.max(1)];
    for Unit { number, file, .. } in largest {
        if let Some((bytes, share)) = shares.iter_mut().min_by_key(|(bytes, share)| (*bytes, share.len())) {
            *bytes = bytes.saturating_add(file.size);
            share.insert(number, file);
        }
    }
    let batches = shares.iter().map(|(_, share)| {
        let batch = (!share.is_empty()).then(|| write(share)).transpose()?;
        Ok(batch.into_iter().collect())
    });
    let batches = batches.collect::<Result<Vec<Vec<RecordBatch>>>>()?;
    Ok(MemorySourceConfig::try_new_exec(&batches, Arc::clone(&SCHEMA), None)?)
}

fn write(files: &BTreeMap<u32, Arc<InputFile>>) -> Result<RecordBatch> {
    let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_owned();
    let each = || files.values();
    let columns: Vec<Arc<dyn Array>> = vec![
        Arc::new(UInt32Array::from_iter_values(files.keys().copied())),
        Arc::new(BinaryArray::from_iter_values(each().map(|file| bytes(&file.path)))),
        Arc::new(BinaryArray::from_iter(each().map(|file| file.stored.as_deref().map(bytes)))),
        Arc::new(UInt64Array::from_iter_values(each().map(|file| file.size))),
        Arc::new(StringArray::from_iter(each().map(|file| file.source.as_ref().map(LogSource::as_str)))),
    ];
    Ok(RecordBatch::try_new(Arc::clone(&SCHEMA), columns)?)
}

/// The files of some rows; those that are parts of stores are found in the data.
pub(crate) fn read(batch: &RecordBatch, data: &Data) -> Result<Vec<Unit>> {
    if batch.schema().fields() != SCHEMA.fields() {
        return Err(exec_datafusion_err!("what a scan reads is not told by a table of files"));
    }
    let [numbers, paths, stored, sizes, sources] = batch.columns() else { return Ok(Vec::new()) };
    let numbers = numbers.as_primitive::<UInt32Type>();
    let (paths, stored) = (paths.as_binary::<i32>(), stored.as_binary::<i32>());
    let (sizes, sources) = (sizes.as_primitive::<UInt64Type>(), sources.as_string::<i32>());
    let rows = numbers.values().iter().zip(paths).zip(stored).zip(sizes.values()).zip(sources);
    let mut units = Vec::with_capacity(batch.num_rows());
    for ((((number, path), stored), size), source) in rows {
        let mut file = InputFile::known(path_of(path.unwrap_or_default())?, *size);
        file.stored = stored.map(path_of).transpose()?;
        file.source = source.map(LogSource::new);
        units.push(Unit { number: *number, file: Arc::new(file), stored: data.part(*number).cloned() });
    }
    Ok(units)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(std::ffi::OsStr::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Result<PathBuf> {
    match std::str::from_utf8(bytes) {
        Ok(path) => Ok(path.into()),
        Err(_) => Err(exec_datafusion_err!("the path {} is no Unicode", String::from_utf8_lossy(bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::execution::TaskContext;
    use datafusion::physical_plan::collect_partitioned;

    #[tokio::test]
    async fn files_are_as_many_bytes_in_each_partition_and_come_back_as_they_were() {
        let odd = path_of(if cfg!(unix) { b"caf\xe9.log" } else { b"cafe.log" }).unwrap();
        let mut files = vec![InputFile::known(odd, 50), InputFile::known("b", 30), InputFile::known("c", 40)];
        files[1].source = Some(LogSource::new("json"));
        files[2].stored = Some("/elsewhere".into());
        let data = Data {
            files: files.clone().into(),
            stored: Default::default(),
            recogniser: mynah_source::Recogniser::built_in().unwrap(),
            progress: Arc::default(),
            prefilter: true,
            newest: None,
        };
        let table = source(&data, data.units(), 2).unwrap();
        let batches = collect_partitioned(table, Arc::new(TaskContext::default())).await.unwrap();
        let units: Vec<Vec<Unit>> = batches.iter().map(|batches| read(&batches[0], &data).unwrap()).collect();
        let numbers = units.iter().map(|units| units.iter().map(|unit| unit.number).collect());
        assert_eq!(numbers.collect::<Vec<Vec<u32>>>(), [vec![0], vec![1, 2]]);
        for unit in units.concat() {
            let file = &files[unit.number as usize];
            assert_eq!(
                (&unit.file.path, &unit.file.stored, &unit.file.source),
                (&file.path, &file.stored, &file.source)
            );
            assert_eq!(unit.file.size, file.size);
        }
    }
}
