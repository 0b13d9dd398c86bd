use deltalake_core::DeltaTableError;
use std::path::PathBuf;

/// Why a lake cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The path is no lake.
    #[error("{path} is no lake: it has no table `files`; `mynah ingest --data LOGS --into {path}` makes one", path = .0.display())]
    NoLake(PathBuf),
    /// The path is in a place that lakes cannot be in yet.
    #[error("{0} is in no place that a lake can be in: give a folder of this machine")]
    Place(String),
    /// The data to be ingested is in a lake.
    #[error("what is in a lake is not ingested again: copy its folder, or read both with `--data`")]
    OfLake,
    /// A table's log cannot be read or written.
    #[error("the table {table}: {source}")]
    Table {
        /// The table, by its path in the lake.
        table: String,
        /// Why.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// A table is not what Mynah makes of it.
    #[error("the table {table}: {message}")]
    Foreign {
        /// The table, by its path in the lake.
        table: String,
        /// What is wrong with it.
        message: String,
    },
    /// A file of the lake cannot be read or written.
    #[error("{file}: {message}")]
    File {
        /// The file, by its path in the lake.
        file: String,
        /// Why.
        message: String,
    },
    /// Others write to the same table at the same time, and do not cease to.
    #[error("the table {table} was changed by others {rounds} times while it was written to; try again")]
    Contended {
        /// The table, by its path in the lake.
        table: String,
        /// How often it was tried.
        rounds: usize,
    },
    /// A record's values make no columns, or files and records are more than there are numbers for.
    #[error("{0}")]
    Rows(String),
    /// The logs cannot be read, or the views not be used.
    #[error(transparent)]
    Engine(#[from] mynah_engine::EngineError),
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl LakeError {
    /// What says which table an error is of.
    pub(crate) fn of_table(table: &str) -> impl FnOnce(DeltaTableError) -> LakeError + '_ {
        move |source| LakeError::Table { table: table.to_owned(), source: Box::new(source) }
    }

    /// What says which file an error is of.
    pub(crate) fn of_file<E: std::fmt::Display>(file: &str) -> impl FnOnce(E) -> LakeError + '_ {
        move |error| LakeError::File { file: file.to_owned(), message: error.to_string() }
    }
}
