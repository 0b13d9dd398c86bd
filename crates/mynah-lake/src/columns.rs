//! The columns of a log source's table: what every record has, and the values at the paths that some platform's view names.
use crate::error::LakeError;
use deltalake_core::kernel::{ArrayType, DataType, StructField};
use mynah_engine::Engine;
use mynah_event::{LogSource, Path, Platform};
use std::collections::{BTreeMap, HashSet};

/// The partition: the day, by UTC, on which a record's event happened.
pub(crate) const DAY: &str = "day";
/// When it happened.
pub(crate) const TIME: &str = "time";
/// The number of its file in the table `files`.
pub(crate) const FILE: &str = "file";
/// Its number in that file, from 1.
pub(crate) const RECORD: &str = "record";
/// The shape of the log source that it has.
pub(crate) const SHAPE: &str = "shape";
/// Its own text.
pub(crate) const RAW: &str = "raw";
/// Its content as JSON, where that is another text.
pub(crate) const DOCUMENT: &str = "document";

const FIXED: [(&str, DataType); 7] = [
    (DAY, DataType::DATE),
    (TIME, DataType::TIMESTAMP),
    (FILE, DataType::INTEGER),
    (RECORD, DataType::LONG),
    (SHAPE, DataType::STRING),
    (RAW, DataType::STRING),
    (DOCUMENT, DataType::STRING),
];

/// The column for the values at a path: its name, the path, and whether it takes all values that are there.
pub(crate) type FlatColumn = (String, Path, bool);

/// The columns for the paths that views name in records of a log source, in order of their names.
pub(crate) fn flat(engine: &Engine, log_source: &LogSource) -> Result<Vec<FlatColumn>, LakeError> {
    let family = engine.recogniser().family(log_source);
    let mut paths: BTreeMap<Path, bool> = BTreeMap::new();
    for platform in Platform::ALL {
        for (path, many) in engine.view(platform)?.paths_of(&family) {
            *paths.entry(path.clone()).or_default() |= many;
        }
    }
    // What others are members of is an object: the whole of it is in the record's text, and its members are here.
    let objects: Vec<Path> = paths
        .iter()
        .zip(paths.iter().skip(1))
        .filter(|((path, _), (next, _))| next.0.starts_with(&path.0))
        .map(|((path, _), _)| path.clone())
        .collect();
    paths.retain(|path, _| !objects.contains(path));
    let mut taken: HashSet<String> = FIXED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut columns = Vec::new();
    for (path, many) in paths {
        let mut name = path.to_string();
        if FIXED.iter().any(|(fixed, _)| name.eq_ignore_ascii_case(fixed)) {
            name.insert(0, '_');
        }
        // Delta's names are the same in any case, and want letters that a path need not have. What is left out of the columns is in the
        // record's text.
        let is_plain = !name.is_empty() && !name.contains([' ', ',', ';', '{', '}', '(', ')', '\n', '\r', '\t', '=']);
        if is_plain && taken.insert(name.to_lowercase()) {
            columns.push((name, path, many));
        }
    }
    Ok(columns)
}

/// The columns of the table.
pub(crate) fn schema(flat: &[FlatColumn]) -> Vec<StructField> {
    let fixed = FIXED.map(|(name, data_type)| StructField::nullable(name, data_type));
    let flat = flat.iter().map(|(name, _, many)| field(name, *many));
    fixed.into_iter().chain(flat).collect()
}

pub(crate) fn field(name: &str, many: bool) -> StructField {
    match many {
        true => StructField::nullable(name, ArrayType::new(DataType::STRING, true)),
        false => StructField::nullable(name, DataType::STRING),
    }
}
