mod find;
mod pattern;

pub use find::find;

use mynah_event::LogSource;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempPath;

/// One file to read. Another process that reads its serialised form finds it where it is stored, as long as it is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InputFile {
    /// Its path as the user will recognise it; `-` for standard input.
    pub path: PathBuf,
    /// What its records are, where the user said so (`SOURCE=PATH`).
    pub source: Option<LogSource>,
    /// Its size in bytes, as it is stored.
    pub size: u64,
    /// Where its bytes are, if not at `path`: standard input is written to a file, so that it can be read twice.
    pub stored: Option<PathBuf>,
    /// Removes that file with the last clone.
    #[serde(skip)]
    _spool: Option<Arc<TempPath>>,
}

impl InputFile {
    /// The file at `path`.
    ///
    /// # Errors
    /// Where there is none, or it is not to be looked at.
    pub fn new(path: impl Into<PathBuf>) -> io::Result<InputFile> {
        let path = path.into();
        let size = std::fs::metadata(&path)?.len();
        Ok(InputFile::known(path, size))
    }

    /// A file that somebody else has looked at already.
    pub fn known(path: impl Into<PathBuf>, size: u64) -> InputFile {
        InputFile { path: path.into(), source: None, size, stored: None, _spool: None }
    }

    /// Standard input, or any other stream: written to a temporary file first.
    ///
    /// # Errors
    /// Where it cannot be read, or the temporary file not be written.
    pub fn spooled(name: impl Into<PathBuf>, mut input: impl io::Read) -> io::Result<InputFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        let size = io::copy(&mut input, &mut file)?;
        let spool = file.into_temp_path();
        Ok(InputFile {
            stored: Some(spool.to_path_buf()),
            _spool: Some(Arc::new(spool)),
            ..InputFile::known(name, size)
        })
    }

    pub(crate) fn open(&self) -> io::Result<File> {
        File::open(self.stored.as_ref().unwrap_or(&self.path))
    }
}
