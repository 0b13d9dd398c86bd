//! The table of the files that were ingested: which numbers they have, and which of them are wholly in the lake.
use crate::commit::{Change, Outcome, Target};
use crate::data_file::DataFile;
use crate::error::LakeError;
use crate::fingerprint::{fingerprint, key};
use crate::lake::{FILES, Lake};
use crate::object_file::{ObjectFile, each_group};
use datafusion::arrow::array::{Array, AsArray, Int32Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{Int32Type, Int64Type};
use deltalake_core::kernel::{DataType, StructField, Transaction};
use mynah_event::{EventId, LogSource};
use mynah_source::InputFile;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often a change is tried while others change the table, too.
pub(crate) const ROUNDS: usize = 20;

/// The application that files' numbers are given out by: two who give out one at the same time are in conflict.
const NUMBERS: &str = "mynah.files";

/// A file that was ingested, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownFile {
    /// Its number, from 0.
    pub number: u32,
    /// Its path as the user named it.
    pub path: String,
    /// The name it is known by.
    pub key: String,
    /// What the user said that its records are.
    pub log_source: Option<String>,
    /// How many bytes of it were there.
    pub size: u64,
    /// What these bytes were.
    pub fingerprint: String,
    /// How many records it has, once all of them are in the lake.
    pub records: Option<u64>,
}

impl KnownFile {
    /// The file that a run reads from, as it names it.
    pub fn input(&self) -> InputFile {
        let mut file = InputFile::known(&self.path, self.size);
        file.source = self.log_source.as_deref().map(LogSource::new);
        file
    }
}

/// The table's columns. A file has a row when it is begun and another one whenever it is done, so that the last row counts.
pub(crate) fn schema() -> Vec<StructField> {
    [
        ("number", DataType::INTEGER),
        ("path", DataType::STRING),
        ("key", DataType::STRING),
        ("log_source", DataType::STRING),
        ("size", DataType::LONG),
        ("fingerprint", DataType::STRING),
        ("records", DataType::LONG),
    ]
    .map(|(name, data_type)| StructField::nullable(name, data_type))
    .to_vec()
}

/// The table and what it says.
pub(crate) struct Files<'l> {
    target: Target<'l>,
    by_number: BTreeMap<u32, KnownFile>,
}

/// What is to be done with a file.
pub(crate) enum Standing {
    /// It is in the lake.
    Done,
    /// Some of it is in the lake, or it was begun: it has this number.
    Begun(KnownFile),
    /// It is not known.
    New(KnownFile),
}

impl<'l> Files<'l> {
    pub fn read(lake: &'l Lake) -> Result<Files<'l>, LakeError> {
        let table = lake.table(FILES)?.ok_or_else(|| LakeError::NoLake(lake.root().to_owned()))?;
        let mut files = Files { target: Target { lake, name: FILES.to_owned(), table }, by_number: BTreeMap::new() };
        files.read_rows()?;
        Ok(files)
    }

    pub fn all(&self) -> impl Iterator<Item = &KnownFile> {
        self.by_number.values()
    }

    /// The files by their numbers, as a run names them.
    pub fn numbered(&self) -> Vec<InputFile> {
        let count = self.by_number.last_key_value().map_or(0, |(number, _)| number.saturating_add(1));
        // A number that is missing is that of a file that nobody has.
        let of = |number| self.by_number.get(&number).map_or_else(|| InputFile::known("", 0), KnownFile::input);
        (0..count).map(of).collect()
    }

    fn read_rows(&mut self) -> Result<(), LakeError> {
        self.by_number.clear();
        let snapshot = self.target.table.snapshot().map_err(LakeError::of_table(FILES))?;
        let mut rows: Vec<KnownFile> = Vec::new();
        for view in snapshot.log_data().iter() {
            let path = view.path().into_owned();
            let place = self.target.place(&path);
            let file = ObjectFile::new(self.target.lake, place.clone(), u64::try_from(view.size()).unwrap_or(0));
            each_group(&file, place.as_ref(), None, |batch| {
                rows.extend(from_rows(&batch).ok_or_else(|| LakeError::Foreign {
                    table: FILES.to_owned(),
                    message: "its columns are not those of a lake's files".to_owned(),
                })?);
                Ok(())
            })?;
        }
        if let Some(wrong) = rows.iter().find(|file| file.number >= EventId::MAX_FILES) {
            let message = format!("a file has the number {}, which is none of a lake's", wrong.number);
            return Err(LakeError::Foreign { table: FILES.to_owned(), message });
        }
        // What was done stays done, and with the most records that were.
        rows.sort_by_key(|file| (file.number, file.records));
        self.by_number.extend(rows.into_iter().map(|file| (file.number, file)));
        Ok(())
    }

    /// What is known of a file.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn standing(&self, file: &InputFile) -> std::io::Result<Standing> {
        let key = key(file);
        let size = std::fs::metadata(file.stored.as_ref().unwrap_or(&file.path)).map_or(file.size, |data| data.len());
        let print = fingerprint(file, size)?;
        let new = KnownFile {
            number: u32::MAX,
            path: file.path.display().to_string(),
            key,
            log_source: file.source.as_ref().map(LogSource::to_string),
            size,
            fingerprint: print,
            records: None,
        };
        // The file of that name that was ingested last counts: others were there before it.
        for known in self.by_number.values().rev().filter(|known| known.key == new.key) {
            if known.fingerprint == new.fingerprint {
                return Ok(match known.records {
                    Some(_) => Standing::Done,
                    None => Standing::Begun(known.clone()),
                });
            }
            // One that has grown begins as it did.
            if known.size < size && known.size > 0 && fingerprint(file, known.size)? == known.fingerprint {
                let grown = KnownFile { number: known.number, ..new };
                return Ok(Standing::Begun(grown));
            }
        }
        Ok(Standing::New(new))
    }

    /// Gives numbers to files that are begun, in their order, and notes which are done. Gives them with their numbers, and whether
    /// somebody else has begun them as well.
    pub fn note(&mut self, begun: &[KnownFile], done: &[KnownFile]) -> Result<Vec<(KnownFile, bool)>, LakeError> {
        if begun.is_empty() && done.is_empty() {
            return Ok(Vec::new());
        }
        for _ in 0..ROUNDS {
            let next = self.by_number.last_key_value().map_or(0, |(number, _)| number.saturating_add(1));
            let mut numbers = next..;
            let begun: Vec<KnownFile> = begun
                .iter()
                .map(|file| {
                    let same = |known: &&KnownFile| known.key == file.key && known.fingerprint == file.fingerprint;
                    // Another writer may have begun it, too.
                    let number = self.by_number.values().find(same).map(|known| known.number);
                    KnownFile { number: number.or_else(|| numbers.next()).unwrap_or(u32::MAX), ..file.clone() }
                })
                .collect();
            if begun.iter().any(|file| file.number >= EventId::MAX_FILES.min(i32::MAX as u32)) {
                return Err(LakeError::Rows("the lake has as many files as there are numbers for".to_owned()));
            }
            let rows = to_rows(begun.iter().chain(done)).map_err(|error| LakeError::Rows(error.to_string()))?;
            let mut file = DataFile::new(rows.schema()).map_err(LakeError::of_file(FILES))?;
            file.write(&rows).map_err(LakeError::of_file(FILES))?;
            let add = self.target.write(&[], file.finish().map_err(LakeError::of_file(FILES))?)?;
            // Files that are done have their numbers: nobody is in conflict over them.
            let moves =
                if begun.is_empty() { Vec::new() } else { vec![Transaction::new(NUMBERS, numbers.start.into())] };
            if self.target.commit(Change::append(vec![add], moves, &[]))? != Outcome::Conflict {
                let known: Vec<bool> = begun.iter().map(|file| self.by_number.contains_key(&file.number)).collect();
                self.by_number.extend(begun.iter().chain(done).map(|file| (file.number, file.clone())));
                return Ok(begun.into_iter().zip(known).collect());
            }
            self.read_rows()?;
        }
        Err(LakeError::Contended { table: FILES.to_owned(), rounds: ROUNDS })
    }
}

fn to_rows<'f>(files: impl Iterator<Item = &'f KnownFile> + Clone) -> datafusion::arrow::error::Result<RecordBatch> {
    let long = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let texts = |of: fn(&KnownFile) -> Option<&str>| -> Arc<dyn Array> {
        Arc::new(files.clone().map(of).collect::<StringArray>())
    };
    let number = |file: &KnownFile| i32::try_from(file.number).unwrap_or(i32::MAX);
    RecordBatch::try_from_iter_with_nullable(vec![
        ("number", Arc::new(files.clone().map(number).collect::<Int32Array>()) as Arc<dyn Array>, true),
        ("path", texts(|file| Some(&file.path)), true),
        ("key", texts(|file| Some(&file.key)), true),
        ("log_source", texts(|file| file.log_source.as_deref()), true),
        ("size", Arc::new(files.clone().map(|file| long(file.size)).collect::<Int64Array>()), true),
        ("fingerprint", texts(|file| Some(&file.fingerprint)), true),
        ("records", Arc::new(files.clone().map(|file| file.records.map(long)).collect::<Int64Array>()), true),
    ])
}

/// The files that rows are of; none where the rows are something else.
fn from_rows(batch: &RecordBatch) -> Option<Vec<KnownFile>> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let number = batch.column_by_name("number")?.as_primitive_opt::<Int32Type>()?;
    let long = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let (path, key, log_source, fingerprint) = (text("path")?, text("key")?, text("log_source")?, text("fingerprint")?);
    let (size, records) = (long("size")?, long("records")?);
    let row = |row: usize| {
        Some(KnownFile {
            number: u32::try_from(number.value(row)).ok()?,
            path: path.value(row).to_owned(),
            key: key.value(row).to_owned(),
            log_source: log_source.is_valid(row).then(|| log_source.value(row).to_owned()),
            size: u64::try_from(size.value(row)).ok()?,
            fingerprint: fingerprint.value(row).to_owned(),
            records: if records.is_valid(row) { u64::try_from(records.value(row)).ok() } else { None },
        })
    };
    (0..batch.num_rows()).map(row).collect()
}
