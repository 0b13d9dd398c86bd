//! Reading Parquet files of a lake, in pieces of them that are fetched whole.
use crate::error::LakeError;
use crate::io::Io;
use crate::lake::Lake;
use bytes::{Buf, Bytes};
use datafusion::arrow::array::RecordBatch;
use object_store::ObjectStore;
use object_store::path::Path as ObjectPath;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A file of a lake. Clones know what was fetched.
#[derive(Debug, Clone)]
pub(crate) struct ObjectFile {
    store: Arc<dyn ObjectStore>,
    io: Arc<Io>,
    place: ObjectPath,
    size: u64,
    fetched: Arc<Vec<(u64, Bytes)>>,
}

/// How many of its last bytes are fetched first: the footer of most files is among them.
const TAIL: u64 = 256 << 10;

impl ObjectFile {
    pub fn new(lake: &Lake, place: ObjectPath, size: u64) -> ObjectFile {
        let (store, io) = (Arc::clone(lake.store()), Arc::clone(lake.io()));
        ObjectFile { store, io, place, size, fetched: Arc::default() }
    }

    /// Its footer.
    pub fn metadata(&self) -> Result<ArrowReaderMetadata> {
        let tail = self.size.saturating_sub(TAIL)..self.size;
        let with_tail = self.fetch(&[tail])?;
        decoding(|| ArrowReaderMetadata::load(&with_tail, ArrowReaderOptions::new()))
    }

    /// Some columns of one group of rows, all of them where no names are given; those that the file does not have are left out.
    pub fn group(
        &self,
        metadata: &ArrowReaderMetadata,
        group: usize,
        columns: Option<&[&str]>,
    ) -> Result<Vec<RecordBatch>> {
        let schema = metadata.metadata().file_metadata().schema_descr();
        let mask = match columns {
            None => ProjectionMask::all(),
            Some(names) => {
                let roots = schema.root_schema().get_fields().iter().enumerate();
                let wanted = roots.filter(|(_, field)| names.contains(&field.name())).map(|(root, _)| root);
                ProjectionMask::roots(schema, wanted)
            }
        };
        let row_group =
            metadata.metadata().row_groups().get(group).ok_or_else(|| ParquetError::EOF("no such row group".into()))?;
        let wanted = row_group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf));
        let ranges: Vec<Range<u64>> = wanted
            .map(|(_, chunk)| chunk.byte_range())
            .map(|(start, length)| start..start.saturating_add(length))
            .collect();
        let fetched = self.fetch(&ranges)?;
        decoding(|| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(fetched, metadata.clone());
            let rows = builder
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(crate::data_file::GROUP)
                .build()?;
            rows.map(|batch| batch.map_err(ParquetError::from)).collect()
        })
    }

    /// The same with these bytes at hand.
    fn fetch(&self, ranges: &[Range<u64>]) -> Result<ObjectFile> {
        if ranges.iter().any(|range| range.start > range.end || range.end > self.size) {
            return Err(ParquetError::EOF(format!(
                "it says that it goes on behind its end, which is at {} bytes",
                self.size
            )));
        }
        let fetched = self.io.wait(self.store.get_ranges(&self.place, ranges)).map_err(external)?.map_err(external)?;
        let fetched = ranges.iter().map(|range| range.start).zip(fetched).collect();
        Ok(ObjectFile { fetched: Arc::new(fetched), ..self.clone() })
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// What decodes a damaged file may panic.
fn decoding<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ParquetError::General("it cannot be decoded".to_owned())))
}

impl Length for ObjectFile {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for ObjectFile {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let known = self.fetched.iter().find_map(|(from, bytes)| {
            let skip = usize::try_from(start.checked_sub(*from)?).ok()?;
            (skip < bytes.len()).then(|| bytes.slice(skip..))
        });
        match known {
            Some(bytes) => Ok(bytes.reader()),
            None => {
                let length = usize::try_from(TAIL.min(self.size.saturating_sub(start))).unwrap_or(0);
                Ok(self.get_bytes(start, length)?.reader())
            }
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let known = self.fetched.iter().find_map(|(from, bytes)| {
            let skip = usize::try_from(start.checked_sub(*from)?).ok()?;
            (skip.checked_add(length)? <= bytes.len()).then(|| bytes.slice(skip..skip + length))
        });
        match known {
            Some(bytes) => Ok(bytes),
            None => {
                let end = start.saturating_add(length as u64);
                let fetched = self.fetch(std::slice::from_ref(&(start..end)))?;
                let bytes = fetched.fetched.first().map(|(_, bytes)| bytes.clone());
                bytes.ok_or_else(|| ParquetError::EOF("nothing was read".to_owned()))
            }
        }
    }
}

/// All rows of a file, group by group.
pub(crate) fn each_group(
    file: &ObjectFile,
    name: &str,
    columns: Option<&[&str]>,
    mut each: impl FnMut(RecordBatch) -> std::result::Result<(), LakeError>,
) -> std::result::Result<(), LakeError> {
    let metadata = file.metadata().map_err(LakeError::of_file(name))?;
    for group in 0..metadata.metadata().num_row_groups() {
        let batches = file.group(&metadata, group, columns).map_err(LakeError::of_file(name))?;
        batches.into_iter().try_for_each(&mut each)?;
    }
    Ok(())
}
