//! Records that were read before: what keeps them, and how scans read it.
//!
//! A store's records come from files that need not be there any more. These files are the run's, so that an event's id, its file and its
//! number in it are what they were when it was read. What is read instead of them are the store's parts.
use crate::scan::Data;
use crate::units::Unit;
use mynah_event::{LogSource, Timestamp};
use mynah_source::{InputFile, Reader, SourceError};
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// What keeps records that were read from files and recognised.
pub trait Store: fmt::Debug + Send + Sync {
    /// The files that its records were read from; the numbers in the records' ids lead to them.
    fn files(&self) -> &[InputFile];

    /// What it keeps the records in.
    fn parts(&self) -> &[StorePart];

    /// Reads one of its parts, by its index. The number of a record it gives is the whole [`mynah_event::EventId`] of the record, with the file's number
    /// among [`Store::files`].
    ///
    /// # Errors
    /// Where the part is not there any more, or is damaged.
    fn open(&self, part: usize) -> Result<Reader, SourceError>;
}

/// Some records of a [`Store`], all of one log source.
#[derive(Debug, Clone)]
pub struct StorePart {
    /// What messages call it.
    pub path: PathBuf,
    /// How many bytes it has.
    pub size: u64,
    /// What its records are.
    pub log_source: LogSource,
    /// Between which times its records lie, as far as they have any, if that is known.
    pub times: Option<(Timestamp, Timestamp)>,
    /// Between which numbers of files those of its records lie.
    pub files: (u32, u32),
}

/// A part that a run reads.
#[derive(Debug)]
pub(crate) struct PlacedPart {
    pub part: StorePart,
    store: Arc<dyn Store>,
    /// The part's index in the store.
    index: usize,
    /// The part as a file, for whoever counts or names those.
    file: Arc<InputFile>,
    /// The number among the run's files of the store's first one.
    pub first_file: u32,
    /// The names of the run's files.
    names: Arc<[String]>,
}

impl PlacedPart {
    pub fn open(&self) -> Result<Reader, SourceError> {
        self.store.open(self.index)
    }

    /// The name of one of the run's files.
    pub fn name_of(&self, file: u32) -> &str {
        self.names.get(file as usize).map_or("", String::as_str)
    }

    /// Whether it can have records of these files of the run.
    pub fn may_have(&self, first: u32, last: u32) -> bool {
        let (from, to) = self.part.files;
        from.saturating_add(self.first_file) <= last && first <= to.saturating_add(self.first_file)
    }
}

/// The parts of all stores of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored {
    pub parts: Arc<[Arc<PlacedPart>]>,
    /// How many of the run's files are those of stores: its last ones.
    files: usize,
}

impl Stored {
    /// Puts the files of stores behind the run's own.
    pub fn place(stores: &[Arc<dyn Store>], files: &mut Vec<InputFile>) -> Stored {
        let mut firsts = Vec::new();
        let read = files.len();
        for store in stores {
            firsts.push(u32::try_from(files.len()).unwrap_or(u32::MAX));
            files.extend(store.files().iter().cloned());
        }
        let names: Arc<[String]> = match stores {
            [] => Arc::default(),
            _ => files.iter().map(|file| file.path.display().to_string()).collect(),
        };
        let placed = stores.iter().zip(firsts).flat_map(|(store, first_file)| {
            let names = Arc::clone(&names);
            store.parts().iter().enumerate().map(move |(index, part)| {
                let mut file = InputFile::known(&part.path, part.size);
                file.source = Some(part.log_source.clone());
                let (part, store, names) = (part.clone(), Arc::clone(store), Arc::clone(&names));
                Arc::new(PlacedPart { part, store, index, file: Arc::new(file), first_file, names })
            })
        });
        Stored { parts: placed.collect(), files: files.len() - read }
    }

    /// What its records are.
    pub fn log_sources(&self) -> impl Iterator<Item = LogSource> {
        let sources: BTreeSet<&LogSource> = self.parts.iter().map(|placed| &placed.part.log_source).collect();
        sources.into_iter().cloned().collect::<Vec<_>>().into_iter()
    }
}

impl Data {
    /// The files that are read themselves.
    pub fn read(&self) -> &[InputFile] {
        let count = self.files.len().saturating_sub(self.stored.files);
        self.files.get(..count).unwrap_or(&[])
    }

    /// All that is to be read. Parts of stores have numbers behind those of files.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        let files = (0..).zip(self.read()).map(|(number, file)| Unit::of_file(number, file));
        files.chain(self.parts())
    }

    /// The parts of stores.
    pub fn parts(&self) -> impl Iterator<Item = Unit> {
        let first = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let numbers = (0..).map(move |index: u32| first.saturating_add(index));
        let unit = |(number, part): (u32, &Arc<PlacedPart>)| Unit {
            number,
            file: Arc::clone(&part.file),
            stored: Some(Arc::clone(part)),
        };
        numbers.zip(self.stored.parts.iter()).map(unit)
    }

    /// The unit of this number, if it is a part of a store.
    pub fn part(&self, number: u32) -> Option<&Arc<PlacedPart>> {
        let index = (number as usize).checked_sub(self.files.len())?;
        self.stored.parts.get(index)
    }
}
