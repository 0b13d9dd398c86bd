//! Writing files of a table, and entering them in its log.
use crate::error::LakeError;
use crate::lake::Lake;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitConflictError, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// A table that is written to.
pub(crate) struct Target<'l> {
    pub lake: &'l Lake,
    /// Its path in the lake.
    pub name: String,
    pub table: DeltaTable,
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done, and nobody else has changed the table since it was read.
    Alone,
    /// It is done, and somebody else has changed the table, too.
    AmongOthers,
    /// Somebody else has made one of the same moves, or changed what was to be changed: nothing was done, and whoever wants the
    /// change looks at what is left of it.
    Conflict,
}

/// What a commit replaces and adds, and which moves of applications it stands for.
pub(crate) struct Change {
    pub adds: Vec<Add>,
    pub removes: Vec<Remove>,
    pub moves: Vec<Transaction>,
    pub operation: DeltaOperation,
}

impl Change {
    /// Rows that were not there before.
    pub fn append(adds: Vec<Add>, moves: Vec<Transaction>, partitioned_by: &[&str]) -> Change {
        let partition_by = partitioned_by.iter().map(|name| (*name).to_owned()).collect();
        let operation =
            DeltaOperation::Write { mode: SaveMode::Append, partition_by: Some(partition_by), predicate: None };
        Change { adds, removes: Vec::new(), moves, operation }
    }
}

impl Target<'_> {
    /// Writes a file below the table; nothing knows of it before it is [committed](Target::commit).
    pub fn write(
        &self,
        partition: &[(&str, Option<String>)],
        (bytes, statistics): (Vec<u8>, String),
    ) -> Result<Add, LakeError> {
        let folders = partition.iter().map(|(name, value)| {
            // What Hive calls a partition without a value.
            format!("{name}={}/", value.as_deref().unwrap_or("__HIVE_DEFAULT_PARTITION__"))
        });
        let path = format!("{}part-{}.zstd.parquet", folders.collect::<String>(), Uuid::new_v4());
        let size = bytes.len();
        let place = self.place(&path);
        self.lake.wait(self.lake.store().put(&place, bytes.into()))?.map_err(LakeError::of_file(place.as_ref()))?;
        let values: HashMap<String, Option<String>> =
            partition.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Ok(Add {
            path,
            partition_values: values,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            modification_time: now(),
            data_change: true,
            stats: Some(statistics),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        })
    }

    /// Where a file of the table is in the lake.
    pub fn place(&self, path: &str) -> ObjectPath {
        ObjectPath::from(format!("{}/{path}", self.name))
    }

    /// Enters a change in the log, and reads the table anew.
    pub fn commit(&mut self, change: Change) -> Result<Outcome, LakeError> {
        let Change { adds, removes, moves, operation } = change;
        let paths: Vec<String> = adds.iter().map(|add| add.path.clone()).collect();
        let actions = removes.into_iter().map(Action::Remove).chain(adds.into_iter().map(Action::Add));
        let snapshot = self.table.snapshot().map_err(LakeError::of_table(&self.name))?;
        let properties = CommitProperties::default().with_application_transactions(moves);
        let commit = CommitBuilder::from(properties).with_actions(actions.collect()).build(
            Some(snapshot),
            self.table.log_store(),
            operation,
        );
        let done = self.lake.wait(commit.into_future())?;
        let before = snapshot.version();
        let version = match done {
            Ok(done) => Some(done.version()),
            Err(error) if is_conflict(&error) => None,
            Err(error) => return Err(LakeError::of_table(&self.name)(error)),
        };
        self.reload()?;
        let Some(version) = version else {
            for path in paths {
                // What cannot be removed is no part of the table, and goes with a vacuum.
                let _ = self.lake.wait(self.lake.store().delete(&self.place(&path)))?;
            }
            return Ok(Outcome::Conflict);
        };
        match version == before + 1 && self.table.version() == Some(version) {
            true => Ok(Outcome::Alone),
            false => Ok(Outcome::AmongOthers),
        }
    }

    pub fn reload(&mut self) -> Result<(), LakeError> {
        self.lake.wait(self.table.update_state())?.map_err(LakeError::of_table(&self.name))
    }
}

/// Whether others changed the table in a way that may have made the change wrong.
pub(crate) fn is_conflict(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::Transaction { source: TransactionError::CommitConflict(conflict) } => matches!(
            conflict,
            CommitConflictError::ConcurrentTransaction
                | CommitConflictError::ConcurrentAppend
                | CommitConflictError::ConcurrentDeleteRead
                | CommitConflictError::ConcurrentDeleteDelete
                | CommitConflictError::MetadataChanged
        ),
        DeltaTableError::Transaction { source: TransactionError::MaxCommitAttempts(_) }
        | DeltaTableError::VersionAlreadyExists(_) => true,
        _ => false,
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
