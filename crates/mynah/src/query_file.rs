use crate::Error;
use mynah_event::Dialect;
use std::io;
use std::path::{Path, PathBuf};

/// The text of a query, with its name and its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFile {
    /// The path of its file, or another name for messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its dialect.
    pub dialect: Dialect,
}

impl QueryFile {
    /// Reads a query file. Its extension tells the dialect if `dialect` is not given.
    ///
    /// # Errors
    /// If it cannot be read, is not UTF-8, or has an unknown extension.
    pub fn read(path: &Path, dialect: Option<Dialect>) -> Result<QueryFile, Error> {
        let name = path.display().to_string();
        let wrong = |message: String| Error::QueryFile { file: name.clone(), message };
        // A name that is misspelt is no matter of its extension.
        let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let Some(dialect) = dialect.or_else(|| by_extension(path)) else {
            let names: Vec<&str> = Dialect::ALL.into_iter().map(Dialect::name).collect();
            return Err(wrong(format!("unknown extension; name the dialect with --lang ({})", names.join(", "))));
        };
        QueryFile::of_bytes(name.clone(), bytes, dialect)
    }

    /// A query of a dialect that is not in a file; `name` stands for its path.
    ///
    /// # Errors
    /// If it cannot be read or is not UTF-8.
    pub fn from_reader(name: &str, mut query: impl io::Read, dialect: Dialect) -> Result<QueryFile, Error> {
        let mut bytes = Vec::new();
        let read = query.read_to_end(&mut bytes);
        read.map_err(|error| Error::QueryFile { file: name.to_owned(), message: error.to_string() })?;
        QueryFile::of_bytes(name.to_owned(), bytes, dialect)
    }

    fn of_bytes(name: String, bytes: Vec<u8>, dialect: Dialect) -> Result<QueryFile, Error> {
        let text = String::from_utf8(bytes).map_err(|error| Error::QueryFile {
            file: name.clone(),
            message: format!("invalid UTF-8 after byte {}", error.utf8_error().valid_up_to()),
        })?;
        let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
        Ok(QueryFile { name, text, dialect })
    }

    /// Every query file at `paths`: files as they are, and of folders the files with the extension of a dialect, except
    /// those that belong to a detection's package.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
        let mut found = Vec::new();
        for path in paths {
            if !path.is_dir() {
                found.push(path.clone());
                continue;
            }
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|error| Error::QueryFile {
                    file: path.display().to_string(),
                    message: error.to_string(),
                })?;
                let is_query = entry.file_type().is_file() && by_extension(entry.path()).is_some();
                if is_query && !mynah_detection::is_part_of_package(entry.path()) {
                    found.push(entry.into_path());
                }
            }
        }
        Ok(found)
    }
}

fn by_extension(path: &Path) -> Option<Dialect> {
    path.extension().and_then(|extension| Dialect::from_extension(&extension.to_string_lossy()))
}
