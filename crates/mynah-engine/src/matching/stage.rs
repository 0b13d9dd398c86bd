//! Taking columns out of records in stages: first those that tell of what kind an event is, then those that the rules for
//! its kind ask for, at last those that are kept of an event that is found.
use super::selection::Values;
use crate::extract::Columns;
use crate::feed::{Feed, FileChunk};
use crate::prefilter::Prefilter;
use crate::scan::Scanner;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::{DataFusionError, Result};
use mynah_event::{EventId, Record};
use mynah_view::{EVENT_ID, FieldType, ScanColumn};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Columns that are taken out of records together.
#[derive(Debug)]
pub(super) struct Stage {
    columns: Vec<ScanColumn>,
    /// Where each is, by its number among all columns.
    places: HashMap<usize, usize>,
    schema: SchemaRef,
    /// Whether the events' ids are behind the columns.
    keeps_id: bool,
}

impl Stage {
    /// Those of all columns that have these numbers.
    pub fn new(all: &[ScanColumn], numbers: BTreeSet<usize>, keeps_id: bool) -> Stage {
        let chosen = numbers.into_iter().filter_map(|number| Some((number, all.get(number)?.clone())));
        let (numbers, columns): (Vec<usize>, Vec<ScanColumn>) = chosen.unzip();
        let fields = columns.iter().map(|column| Field::new(&column.name, column.field_type.data_type(), true));
        let id = keeps_id.then(|| Field::new(EVENT_ID, DataType::UInt64, false));
        let schema = Arc::new(Schema::new(fields.chain(id).collect::<Vec<_>>()));
        Stage { columns, places: numbers.into_iter().zip(0..).collect(), schema, keeps_id }
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

/// Some thousand records, which are matched together.
#[derive(Default)]
pub(super) struct Block {
    pub chunks: Vec<FileChunk>,
    /// The records that have to be looked at: the numbers of their chunks, and theirs in these.
    records: Vec<(u32, u32)>,
    bytes: usize,
}

/// A block has about so many records, and so many bytes of them.
const MOST_RECORDS: usize = 8192;
const MOST_BYTES: usize = 8 << 20;

impl Block {
    /// Takes some records of a chunk.
    pub fn add(&mut self, chunk: FileChunk, records: impl Iterator<Item = usize>) {
        // A chunk has fewer than 2³² records, and a block fewer chunks.
        let number = self.chunks.len() as u32;
        self.records.extend(records.map(|record| (number, record as u32)));
        self.bytes += chunk.chunk.text.len();
        self.chunks.push(chunk);
    }

    pub fn is_full(&self) -> bool {
        self.records.len() >= MOST_RECORDS || self.bytes >= MOST_BYTES
    }

    /// Empties it, and gives its chunks.
    pub fn clear(&mut self) -> impl Iterator<Item = FileChunk> {
        self.records.clear();
        self.bytes = 0;
        self.chunks.drain(..)
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    fn record(&self, number: u32) -> Option<(&FileChunk, &Record)> {
        let (chunk, record) = *self.records.get(number as usize)?;
        let chunk = self.chunks.get(chunk as usize)?;
        Some((chunk, chunk.chunk.records.get(record as usize)?))
    }

    /// Whether a record is one of those that a prefilter has to look at.
    pub fn is_in(&self, candidates: &Prefilter, number: u32) -> bool {
        self.record(number).is_some_and(|(chunk, record)| candidates.is_candidate(&chunk.chunk, record))
    }

    /// The id of the event that a record is.
    pub fn id(&self, number: u32) -> Option<EventId> {
        let (chunk, record) = self.record(number)?;
        chunk.unit.id(record).ok()
    }
}

/// Takes the columns of a stage out of records.
pub(super) struct Extractor<'a> {
    stage: &'a Stage,
    scanner: Scanner<'a>,
    columns: Columns,
}

impl<'a> Extractor<'a> {
    /// Events of log sources that the prefilter rules out have no values.
    pub fn new(feed: &'a Feed, stage: &'a Stage, prefilter: &'a Prefilter) -> Extractor<'a> {
        let types: Vec<FieldType> = stage.columns.iter().map(|column| column.field_type).collect();
        Extractor {
            stage,
            scanner: Scanner::with_prefilter(feed, &stage.columns, prefilter),
            columns: Columns::new(&types),
        }
    }

    /// The values of some records of a block, and the numbers of those that have any: what cannot be read is noted, and not
    /// looked at again.
    pub fn take(
        &mut self,
        block: &Block,
        broken: &mut [bool],
        records: impl Iterator<Item = u32>,
    ) -> Result<(Values<'a>, Vec<u32>)> {
        let mut taken = Vec::new();
        for number in records {
            let Some(broken) = broken.get_mut(number as usize).filter(|broken| !**broken) else { continue };
            let Some((chunk, record)) = block.record(number) else { continue };
            let extracted = self.scanner.extract(chunk, record, &mut self.columns);
            extracted.map_err(|error| DataFusionError::Execution(error.to_string()))?;
            match self.columns.rows() > taken.len() {
                true => taken.push(number),
                false => *broken = true,
            }
        }
        let batch = self.columns.finish(Arc::clone(&self.stage.schema), self.stage.keeps_id)?;
        Ok((Values::new(batch, &self.stage.places), taken))
    }
}
