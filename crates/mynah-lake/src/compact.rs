//! Small files into larger ones.
use crate::columns::{DAY, FILE, RECORD, TIME};
use crate::commit::{Change, Outcome, Target, now};
use crate::data_file::{DataFile, GROUP};
use crate::error::LakeError;
use crate::lake::{FILES, Lake, events_of};
use crate::object_file::ObjectFile;
use datafusion::arrow::array::{ArrayRef, RecordBatch, UInt32Array, new_null_array};
use datafusion::arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take_record_batch};
use datafusion::arrow::datatypes::{FieldRef, Schema, SchemaRef};
use deltalake_core::kernel::{Add, LogicalFileView, Remove};
use deltalake_core::protocol::DeltaOperation;
use object_store::path::Path as ObjectPath;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many bytes files are, unpacked, that become one.
const TARGET: u64 = 192 << 20;

/// What a [`compact`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// How many files were made into others.
    pub files_before: usize,
    /// How many these are.
    pub files_after: usize,
    /// How many bytes were made into others.
    pub bytes_before: u64,
    /// How many these are.
    pub bytes_after: u64,
    /// How many tables others changed at the same time, so that they stay as they are.
    pub contended: usize,
}

/// Makes one file of the small ones of each day, where there are several. What they held stays where it is until a
/// [`vacuum`](crate::vacuum()), for whoever is reading it.
///
/// # Errors
/// Where a table cannot be read or written to; it stays as it is then.
pub fn compact(lake: &Lake) -> Result<Compacted, LakeError> {
    let mut done = Compacted::default();
    compact_table(lake, FILES.to_owned(), &[], &mut done)?;
    for log_source in lake.log_sources()? {
        compact_table(lake, events_of(&log_source), &[TIME, FILE, RECORD], &mut done)?;
    }
    Ok(done)
}

/// A file of a table, and how many bytes it has unpacked.
struct Small {
    view: LogicalFileView,
    file: ObjectFile,
    unpacked: u64,
}

fn compact_table(lake: &Lake, name: String, order: &[&str], done: &mut Compacted) -> Result<(), LakeError> {
    let Some(table) = lake.table(&name)? else { return Ok(()) };
    let mut target = Target { lake, name: name.clone(), table };
    let mut by_day: BTreeMap<Option<String>, Vec<Small>> = BTreeMap::new();
    let snapshot = target.table.snapshot().map_err(LakeError::of_table(&name))?;
    for view in snapshot.log_data().iter() {
        let place = ObjectPath::from(format!("{name}/{}", view.path()));
        let file = ObjectFile::new(lake, place.clone(), u64::try_from(view.size()).unwrap_or(0));
        let metadata = file.metadata().map_err(LakeError::of_file(place.as_ref()))?;
        let sizes =
            metadata.metadata().row_groups().iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(0));
        let day = view.partition_values_map().remove(DAY).flatten();
        by_day.entry(day).or_default().push(Small { view, file, unpacked: sizes.sum() });
    }
    for (day, files) in by_day {
        for files in groups(files) {
            let (adds, removes) = merge(&target, day.as_deref(), &files, order)?;
            let (before, after) = (files.len(), adds.len());
            let bytes =
                |sizes: &mut dyn Iterator<Item = i64>| sizes.filter_map(|size| u64::try_from(size).ok()).sum::<u64>();
            let bytes_before = bytes(&mut files.iter().map(|small| small.view.size()));
            let bytes_after = bytes(&mut adds.iter().map(|add| add.size));
            let operation =
                DeltaOperation::Optimize { predicate: None, target_size: i64::try_from(TARGET).unwrap_or(i64::MAX) };
            let change = Change { adds, removes, moves: Vec::new(), operation };
            if target.commit(change)? == Outcome::Conflict {
                done.contended += 1;
                return Ok(());
            }
            done.files_before += before;
            done.files_after += after;
            done.bytes_before += bytes_before;
            done.bytes_after += bytes_after;
        }
    }
    Ok(())
}

/// The files that become one, where there are several that are small.
fn groups(mut files: Vec<Small>) -> Vec<Vec<Small>> {
    files.retain(|small| small.unpacked < TARGET / 2);
    files.sort_by_key(|small| small.unpacked);
    let mut groups: Vec<(u64, Vec<Small>)> = Vec::new();
    for small in files {
        match groups.last_mut() {
            Some((size, group)) if *size + small.unpacked <= TARGET => {
                *size += small.unpacked;
                group.push(small);
            }
            _ => groups.push((small.unpacked, vec![small])),
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| group.len() > 1).collect()
}

/// Writes the rows of some files of a day as one.
fn merge(
    target: &Target<'_>,
    day: Option<&str>,
    files: &[Small],
    order: &[&str],
) -> Result<(Vec<Add>, Vec<Remove>), LakeError> {
    let wrong = |error: datafusion::arrow::error::ArrowError| LakeError::Rows(error.to_string());
    let of_file = |error: parquet::errors::ParquetError| LakeError::of_file(&target.name)(error);
    let mut batches = Vec::new();
    for small in files {
        crate::object_file::each_group(&small.file, &small.view.path(), None, |batch| {
            batches.push(batch);
            Ok(())
        })?;
    }
    let schema = united(&batches);
    let batches =
        batches.into_iter().map(|batch| suited(&batch, &schema)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let rows = concat_batches(&schema, &batches).map_err(wrong)?;
    drop(batches);
    let sorted = match order {
        [] => None,
        order => {
            let column = |name: &&str| {
                rows.column_by_name(name).map(|values| SortColumn { values: Arc::clone(values), options: None })
            };
            let columns: Vec<SortColumn> = order.iter().filter_map(column).collect();
            Some(lexsort_to_indices(&columns, None).map_err(wrong)?)
        }
    };
    let mut file = DataFile::new(Arc::clone(&schema)).map_err(of_file)?;
    for start in (0..rows.num_rows()).step_by(GROUP) {
        let length = GROUP.min(rows.num_rows() - start);
        let some = match &sorted {
            None => rows.slice(start, length),
            Some(sorted) => take_record_batch(&rows, &UInt32Array::from(sorted.values().slice(start, length).to_vec()))
                .map_err(wrong)?,
        };
        file.write(&some).map_err(of_file)?;
    }
    let partition: Vec<(&str, Option<String>)> =
        if order.is_empty() { Vec::new() } else { vec![(DAY, day.map(str::to_owned))] };
    let mut add = target.write(&partition, file.finish().map_err(of_file)?)?;
    add.data_change = false;
    let removes =
        files.iter().map(|small| Remove { deletion_timestamp: Some(now()), ..small.view.remove_action(false) });
    Ok((vec![add], removes.collect()))
}

/// All columns of some batches, each once.
fn united(batches: &[RecordBatch]) -> SchemaRef {
    let mut fields: Vec<FieldRef> = Vec::new();
    for field in batches.iter().flat_map(|batch| batch.schema_ref().fields()) {
        if !fields.iter().any(|known| known.name() == field.name()) {
            fields.push(Arc::clone(field));
        }
    }
    Arc::new(Schema::new(fields))
}

/// A batch with these columns, null where it has none.
fn suited(batch: &RecordBatch, schema: &SchemaRef) -> datafusion::arrow::error::Result<RecordBatch> {
    let column = |field: &FieldRef| -> ArrayRef {
        match batch.column_by_name(field.name()) {
            Some(known) => Arc::clone(known),
            None => new_null_array(field.data_type(), batch.num_rows()),
        }
    };
    RecordBatch::try_new(Arc::clone(schema), schema.fields().iter().map(column).collect())
}
