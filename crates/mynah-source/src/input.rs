mod find;

pub use find::find;

use mynah_event::LogSource;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;

/// One file to read.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Its path as the user will recognise it; `-` for standard input.
    pub path: PathBuf,
    /// What its records are, where the user said so (`SOURCE=PATH`).
    pub source: Option<LogSource>,
    /// Its size in bytes, as it is stored.
    pub size: u64,
    /// Where standard input was written to, so that it can be read twice; gone with the last clone.
    spool: Option<Arc<TempPath>>,
}

impl InputFile {
    /// The file at `path`.
    ///
    /// # Errors
    /// Where there is none, or it is not to be looked at.
    pub fn new(path: impl Into<PathBuf>) -> io::Result<InputFile> {
        let path = path.into();
        let size = std::fs::metadata(&path)?.len();
        Ok(InputFile { path, source: None, size, spool: None })
    }

    /// Standard input, or any other stream: written to a temporary file first.
    ///
    /// # Errors
    /// Where it cannot be read, or the temporary file not be written.
    pub fn spooled(name: impl Into<PathBuf>, mut input: impl io::Read) -> io::Result<InputFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        let size = io::copy(&mut input, &mut file)?;
        Ok(InputFile { path: name.into(), source: None, size, spool: Some(Arc::new(file.into_temp_path())) })
    }

    pub(crate) fn open(&self) -> io::Result<File> {
        let stored: &Path = self.spool.as_deref().map_or(self.path.as_path(), |spool| spool);
        File::open(stored)
    }
}
