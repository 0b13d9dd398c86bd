use crate::error::LakeError;
use crate::io::Io;
use deltalake_core::kernel::StructField;
use deltalake_core::{DeltaTable, DeltaTableBuilder};
use mynah_event::LogSource;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// The name of the table of the files that were ingested.
pub(crate) const FILES: &str = "files";
/// The folder with the tables of events, one for each log source.
pub(crate) const EVENTS: &str = "events";

/// A lake: a folder of Delta tables.
///
/// ```
/// use mynah_lake::Lake;
///
/// let folder = tempfile::tempdir()?;
/// assert!(Lake::open(folder.path()).unwrap_err().to_string().contains("is no lake"));
/// let lake = Lake::create(folder.path())?;
/// assert!(lake.log_sources()?.is_empty());
/// assert!(Lake::open(folder.path()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
    url: Url,
    store: Arc<dyn ObjectStore>,
    io: Arc<Io>,
}

impl Lake {
    /// The lake at a path.
    ///
    /// # Errors
    /// Where there is none, or it cannot be looked at.
    pub fn open(path: &Path) -> Result<Lake, LakeError> {
        if !path.join(FILES).join("_delta_log").is_dir() && !is_url(path) {
            return Err(LakeError::NoLake(path.to_owned()));
        }
        let lake = Lake::at(path)?;
        match lake.table(FILES)? {
            Some(_) => Ok(lake),
            None => Err(LakeError::NoLake(path.to_owned())),
        }
    }

    /// The lake at a path, which is made if there is none.
    ///
    /// # Errors
    /// Where the folder cannot be made or written to, or has something else in it.
    pub fn create(path: &Path) -> Result<Lake, LakeError> {
        if !is_url(path) {
            if let Ok(mut entries) = std::fs::read_dir(path)
                && !path.join(FILES).join("_delta_log").is_dir()
                && entries.next().is_some()
            {
                let message = "this folder has something else in it; a lake wants a folder of its own".to_owned();
                return Err(LakeError::File { file: path.display().to_string(), message });
            }
            std::fs::create_dir_all(path).map_err(LakeError::of_file(&path.display().to_string()))?;
        }
        let lake = Lake::at(path)?;
        lake.table_or_new(FILES, crate::files::schema(), &[])?;
        Ok(lake)
    }

    fn at(path: &Path) -> Result<Lake, LakeError> {
        let place = || LakeError::Place(path.display().to_string());
        if is_url(path) {
            return Err(place());
        }
        let root = std::fs::canonicalize(path)?;
        let url = Url::from_directory_path(&root).map_err(|()| place())?;
        let store = LocalFileSystem::new_with_prefix(&root).map_err(LakeError::of_file(&path.display().to_string()))?;
        Ok(Lake { root: path.to_owned(), url, store: Arc::new(store), io: Arc::new(Io::new()?) })
    }

    /// Where it is, as it was named.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The log sources that it has records of, in order of their names.
    ///
    /// # Errors
    /// Where its folders cannot be listed.
    pub fn log_sources(&self) -> Result<Vec<LogSource>, LakeError> {
        let folder = ObjectPath::from(EVENTS);
        let listed = self.wait(self.store.list_with_delimiter(Some(&folder)))?.map_err(LakeError::of_file(EVENTS))?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename().map(LogSource::new));
        let mut sources: Vec<LogSource> = names.collect();
        sources.sort();
        Ok(sources)
    }

    pub(crate) fn io(&self) -> &Arc<Io> {
        &self.io
    }

    pub(crate) fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    pub(crate) fn wait<F: Future>(&self, work: F) -> Result<F::Output, LakeError> {
        Ok(self.io.wait(work)?)
    }

    /// A table by its path in the lake, if it is there.
    pub(crate) fn table(&self, name: &str) -> Result<Option<DeltaTable>, LakeError> {
        let log = ObjectPath::from(format!("{name}/_delta_log"));
        let listed = self.wait(self.store.list_with_delimiter(Some(&log)))?.map_err(LakeError::of_file(name))?;
        if listed.objects.is_empty() {
            return Ok(None);
        }
        let of_table = |error| LakeError::of_table(name)(error);
        let mut table = self.builder(name)?.build().map_err(of_table)?;
        match self.wait(table.load())? {
            Ok(()) => Ok(Some(table)),
            Err(error) => Err(of_table(error)),
        }
    }

    /// A table by its path in the lake, made if it is not there.
    pub(crate) fn table_or_new(
        &self,
        name: &str,
        columns: Vec<StructField>,
        partitioned_by: &[&str],
    ) -> Result<DeltaTable, LakeError> {
        if let Some(table) = self.table(name)? {
            return Ok(table);
        }
        let file = |error: object_store::Error| LakeError::of_file(name)(error);
        // The folder of a table must be there before its log is.
        let place = ObjectPath::from(format!("{name}/.made"));
        self.wait(self.store.put(&place, PutPayload::new()))?.map_err(file)?;
        self.wait(self.store.delete(&place))?.map_err(file)?;
        let new = self.builder(name)?.build().map_err(LakeError::of_table(name))?;
        let create = new
            .create()
            .with_table_name(name)
            .with_columns(columns)
            .with_partition_columns(partitioned_by.iter().copied())
            .with_configuration([("delta.dataSkippingNumIndexedCols", Some("-1"))]);
        match self.wait(create.into_future())? {
            Ok(table) => Ok(table),
            // Somebody else has made it meanwhile.
            Err(error) => match self.table(name)? {
                Some(table) => Ok(table),
                None => Err(LakeError::of_table(name)(error)),
            },
        }
    }

    fn builder(&self, name: &str) -> Result<DeltaTableBuilder, LakeError> {
        let foreign = |message: String| LakeError::Foreign { table: name.to_owned(), message };
        let url = self.url.join(&format!("{name}/")).map_err(|error| foreign(error.to_string()))?;
        DeltaTableBuilder::from_url(url).map_err(LakeError::of_table(name))
    }
}

/// The table of a log source, by its path in the lake.
pub(crate) fn events_of(log_source: &LogSource) -> String {
    format!("{EVENTS}/{log_source}")
}

fn is_url(path: &Path) -> bool {
    path.to_string_lossy().contains("://")
}
