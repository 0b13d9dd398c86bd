//! Records of one log source on their way into its table.
use crate::columns::{self, DAY, DOCUMENT, FILE, FlatColumn, RAW, RECORD, SHAPE, TIME};
use crate::commit::{Change, Outcome, Target};
use crate::data_file::{DataFile, GROUP};
use crate::error::LakeError;
use crate::files::ROUNDS;
use crate::lake::{Lake, events_of};
use datafusion::arrow::array::{
    Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringBuilder, TimestampMicrosecondArray, UInt32Array,
};
use datafusion::arrow::compute::take_record_batch;
use datafusion::arrow::datatypes::{Field, Schema};
use deltalake_core::kernel::{Add, Transaction};
use mynah_engine::{Engine, Flattener};
use mynah_event::{Record, Shape, Timestamp};
use mynah_source::{Chunk, JsonError, JsonText, Members, SourceDefinition};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// The application that says how far a file is in a table: the number of its last record that is there.
pub(crate) fn position_of(file: u32) -> String {
    format!("mynah.file.{file}")
}

/// Where a record comes from and when it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Microseconds since 1970.
    time: Option<i64>,
    /// Its file's number: among those of the batch while it is collected, in the lake when it is written.
    file: u32,
    record: u64,
}

impl Place {
    fn day(self) -> Option<i32> {
        i32::try_from(self.time?.div_euclid(DAY_MICROSECONDS)).ok()
    }
}

/// The table of a log source, and the records that wait for being written to it.
pub(crate) struct TableRows<'l> {
    target: Target<'l>,
    flattener: Flattener,
    definition: SourceDefinition,
    raw: StringBuilder,
    document: StringBuilder,
    shapes: StringBuilder,
    places: Vec<Place>,
    /// Of files of which some records were here before, by their numbers: the last.
    known: HashMap<u32, u64>,
    /// Whether others write to the table: what it was when it was read last is no guide then, for their records may be of the same files.
    has_company: bool,
}

impl<'l> TableRows<'l> {
    /// The table, made or given more columns if need be.
    pub fn new(lake: &'l Lake, engine: &Engine, definition: &SourceDefinition) -> Result<TableRows<'l>, LakeError> {
        let log_source = definition.log_source();
        let name = events_of(log_source);
        let wanted = columns::flat(engine, log_source)?;
        let table = lake.table_or_new(&name, columns::schema(&wanted), &[DAY])?;
        let mut target = Target { lake, name, table };
        widen(&mut target, &wanted)?;
        let flat = suited(&target, wanted)?;
        Ok(TableRows {
            target,
            flattener: Flattener::new(definition, &flat),
            definition: definition.clone(),
            raw: StringBuilder::new(),
            document: StringBuilder::new(),
            shapes: StringBuilder::new(),
            places: Vec::new(),
            known: HashMap::new(),
            has_company: false,
        })
    }

    /// How far a file of the lake is in this table, so that [`TableRows::has`] tells.
    pub fn resume(&mut self, file: u32) -> Result<(), LakeError> {
        if let Some(last) = self.position(file)? {
            self.known.insert(file, last);
        }
        Ok(())
    }

    /// Whether a record of a file of the lake is in the table.
    pub fn has(&self, file: Option<u32>, record: u64) -> bool {
        file.and_then(|file| self.known.get(&file)).is_some_and(|last| record <= *last)
    }

    fn position(&self, file: u32) -> Result<Option<u64>, LakeError> {
        let snapshot = self.target.table.snapshot().map_err(LakeError::of_table(&self.target.name))?;
        let logs = self.target.table.log_store();
        let found = self.target.lake.wait(snapshot.transaction_version(logs.as_ref(), position_of(file)))?;
        let found = found.map_err(LakeError::of_table(&self.target.name))?;
        Ok(found.and_then(|version| u64::try_from(version).ok()))
    }

    /// Takes a record of a file, which has this number among those of the batch.
    ///
    /// # Errors
    /// Where its JSON is broken: it is kept, without values.
    pub fn add(
        &mut self,
        file: u32,
        (chunk, record): (&Chunk, &Record),
        shape: Shape,
        document: JsonText<'_>,
        members: &Members,
    ) -> Result<(), JsonError> {
        let added = self.flattener.add(shape, document, members);
        self.raw.append_value(chunk.raw(record));
        let is_other = record.raw != record.document;
        self.document.append_option(is_other.then(|| chunk.document(record)));
        self.shapes.append_value(self.definition.shape_name(shape));
        let time = added.as_ref().ok().copied().flatten().map(Timestamp::microseconds);
        self.places.push(Place { time, file, record: record.number });
        added.map(drop)
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Writes the records, whose files have these numbers in the lake, and what they move the files to, in one commit. Gives how many
    /// records and days there were, and how many bytes they are in the lake.
    pub fn write(&mut self, numbers: &[u32]) -> Result<Written, LakeError> {
        let wrong = |error: datafusion::arrow::error::ArrowError| LakeError::Rows(error.to_string());
        let flat = self.flattener.finish().map_err(|error| LakeError::Rows(error.to_string()))?;
        let texts: [(&str, ArrayRef); 3] = [
            (SHAPE, Arc::new(self.shapes.finish())),
            (RAW, Arc::new(self.raw.finish())),
            (DOCUMENT, Arc::new(self.document.finish())),
        ];
        let flat_columns = flat.schema().fields().iter().cloned().zip(flat.columns().to_vec()).collect::<Vec<_>>();
        let texts =
            texts.into_iter().map(|(name, array)| (Arc::new(Field::new(name, array.data_type().clone(), true)), array));
        // A column that has nothing in it is not written: readers give null for it.
        let columns = texts.chain(flat_columns).filter(|(_, array)| array.null_count() < array.len());
        let (fields, arrays): (Vec<_>, Vec<_>) = columns.unzip();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(wrong)?;
        let mut places = std::mem::take(&mut self.places);
        for place in &mut places {
            let number = numbers.get(place.file as usize).copied();
            place.file = number.ok_or_else(|| LakeError::Rows("a file has no number".to_owned()))?;
        }
        if self.has_company {
            self.look_again(&places)?;
        }
        for _ in 0..ROUNDS {
            let rows = self.left(&places)?;
            if rows.is_empty() {
                return Ok(Written::default());
            }
            let (adds, written) = self.write_days(&batch, &places, rows)?;
            let mut last: BTreeMap<u32, u64> = BTreeMap::new();
            for place in &places {
                let known = last.entry(place.file).or_default();
                *known = place.record.max(*known);
            }
            let version = |record: u64| i64::try_from(record).unwrap_or(i64::MAX);
            let moves = last.iter().map(|(file, record)| Transaction::new(position_of(*file), version(*record)));
            let change = Change::append(adds, moves.collect(), &[DAY]);
            match self.target.commit(change)? {
                Outcome::Alone => return Ok(written),
                Outcome::AmongOthers => {
                    self.has_company = true;
                    return Ok(written);
                }
                // Somebody else has written records of one of these files, or changed the columns.
                Outcome::Conflict => {
                    self.has_company = true;
                    self.look_again(&places)?;
                }
            }
        }
        Err(LakeError::Contended { table: self.target.name.clone(), rounds: ROUNDS })
    }

    /// Looks how far all of these records' files are in the table.
    fn look_again(&mut self, places: &[Place]) -> Result<(), LakeError> {
        let files: BTreeSet<u32> = places.iter().map(|place| place.file).collect();
        files.into_iter().try_for_each(|file| self.resume(file))
    }

    /// The rows that are not in the table, in the order in which they are written.
    fn left(&self, places: &[Place]) -> Result<Vec<u32>, LakeError> {
        let count = u32::try_from(places.len()).map_err(|error| LakeError::Rows(error.to_string()))?;
        let new = |row: &u32| places.get(*row as usize).is_some_and(|place| !self.has(Some(place.file), place.record));
        let mut rows: Vec<u32> = (0..count).filter(new).collect();
        rows.sort_by_key(|row| places.get(*row as usize));
        Ok(rows)
    }

    /// Writes a file for each day.
    fn write_days(
        &self,
        batch: &RecordBatch,
        places: &[Place],
        rows: Vec<u32>,
    ) -> Result<(Vec<Add>, Written), LakeError> {
        let day = |row: &u32| places.get(*row as usize).and_then(|place| place.day());
        let mut written = Written { records: rows.len() as u64, ..Written::default() };
        let mut adds = Vec::new();
        for rows in rows.chunk_by(|one, other| day(one) == day(other)) {
            let day = rows.first().and_then(day);
            let mut file: Option<DataFile> = None;
            for rows in rows.chunks(GROUP) {
                let rows = self.rows(batch, places, rows).map_err(|error| LakeError::Rows(error.to_string()))?;
                let open = match file.take() {
                    Some(open) => file.insert(open),
                    None => file.insert(DataFile::new(rows.schema()).map_err(LakeError::of_file(&self.target.name))?),
                };
                open.write(&rows).map_err(LakeError::of_file(&self.target.name))?;
            }
            if let Some(file) = file {
                let whole = file.finish().map_err(LakeError::of_file(&self.target.name))?;
                written.bytes += whole.0.len() as u64;
                written.days.extend(day);
                adds.push(self.target.write(&[(DAY, day.map(day_name))], whole)?);
            }
        }
        Ok((adds, written))
    }

    /// Some rows with all of their columns.
    fn rows(
        &self,
        batch: &RecordBatch,
        places: &[Place],
        rows: &[u32],
    ) -> datafusion::arrow::error::Result<RecordBatch> {
        let each = || rows.iter().filter_map(|row| places.get(*row as usize));
        let time = each().map(|place| place.time).collect::<TimestampMicrosecondArray>().with_timezone("UTC");
        let file = each().map(|place| i32::try_from(place.file).unwrap_or(i32::MAX)).collect::<Int32Array>();
        let record = each().map(|place| i64::try_from(place.record).unwrap_or(i64::MAX)).collect::<Int64Array>();
        let fixed: [(&str, ArrayRef); 3] = [(TIME, Arc::new(time)), (FILE, Arc::new(file)), (RECORD, Arc::new(record))];
        let taken = take_record_batch(batch, &UInt32Array::from(rows.to_vec()))?;
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for (name, array) in fixed {
            fields.push(Arc::new(Field::new(name, array.data_type().clone(), true)));
            arrays.push(array);
        }
        fields.extend(taken.schema().fields().iter().cloned());
        arrays.extend(taken.columns().iter().cloned());
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

/// What was written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub records: u64,
    pub bytes: u64,
    pub days: Vec<i32>,
}

/// A day as partitions are called: `2026-03-14`.
pub(crate) fn day_name(days: i32) -> String {
    let midnight = Timestamp::from_microseconds(i64::from(days) * DAY_MICROSECONDS).to_string();
    midnight.split('T').next().unwrap_or_default().to_owned()
}

/// Adds the columns that a newer Mynah has.
fn widen(target: &mut Target<'_>, wanted: &[FlatColumn]) -> Result<(), LakeError> {
    for _ in 0..ROUNDS {
        let snapshot = target.table.snapshot().map_err(LakeError::of_table(&target.name))?;
        let schema = snapshot.schema();
        let has = |name: &str| schema.fields().any(|field| field.name().eq_ignore_ascii_case(name));
        let new = wanted.iter().filter(|(name, ..)| !has(name)).map(|(name, _, many)| columns::field(name, *many));
        let new: Vec<_> = new.collect();
        if new.is_empty() {
            return Ok(());
        }
        let widened = target.lake.wait(target.table.clone().add_columns().with_fields(new).into_future())?;
        target.reload()?;
        // Where somebody else has changed the table meanwhile, what is still missing is added.
        if let Err(error) = widened
            && !crate::commit::is_conflict(&error)
        {
            return Err(LakeError::of_table(&target.name)(error));
        }
    }
    Err(LakeError::Contended { table: target.name.clone(), rounds: ROUNDS })
}

/// The columns as the table has them: what was made for one value keeps one.
fn suited(target: &Target<'_>, wanted: Vec<FlatColumn>) -> Result<Vec<FlatColumn>, LakeError> {
    let snapshot = target.table.snapshot().map_err(LakeError::of_table(&target.name))?;
    let schema = snapshot.schema();
    let suited = wanted.into_iter().filter_map(|(name, path, many)| {
        let field = schema.fields().find(|field| *field.name() == name)?;
        let (text, texts) = (columns::field(&name, false), columns::field(&name, true));
        match field.data_type() {
            known if known == text.data_type() => Some((name, path, false)),
            known if known == texts.data_type() => Some((name, path, many)),
            // Another writer's column of that name: not touched.
            _ => None,
        }
    });
    Ok(suited.filter(|(name, _, many)| schema.fields().any(|field| field == &columns::field(name, *many))).collect())
}
