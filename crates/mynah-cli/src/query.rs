use crate::arguments::Queries;
use crate::exit::Failure;
use mynah_event::Dialect;
use std::path::{Path, PathBuf};

/// A query and what to call it.
pub(crate) struct Query {
    pub name: String,
    pub text: String,
    pub dialect: Dialect,
}

impl Query {
    /// The queries that the command line names, in its order.
    pub fn load(queries: &Queries) -> Result<Vec<Query>, Failure> {
        if let (Some(text), Some(dialect)) = (&queries.query, queries.lang) {
            return Ok(vec![Query { name: "query".to_owned(), text: text.clone(), dialect }]);
        }
        queries.files.iter().map(|path| Query::read(path, queries.lang)).collect()
    }

    /// One query file; its extension tells the dialect unless `dialect` does.
    pub fn read(path: &Path, dialect: Option<Dialect>) -> Result<Query, Failure> {
        let name = path.display().to_string();
        let by_extension = path.extension().and_then(|extension| Dialect::from_extension(&extension.to_string_lossy()));
        let Some(dialect) = dialect.or(by_extension) else {
            return Err(Failure::Usage(format!(
                "{name}: no dialect has this extension; name one with --lang (aql, eql, spl, sumo, sigma)"
            )));
        };
        let bytes = std::fs::read(path).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            Failure::Usage(format!("{name}: not UTF-8 (the first {} bytes are)", error.utf8_error().valid_up_to()))
        })?;
        let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
        Ok(Query { name, text, dialect })
    }

    /// Every query file at `paths`: files as they are, folders searched for files with a dialect's extension,
    /// the YAML files that make a detection a package aside.
    pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        for path in paths {
            if !path.is_dir() {
                found.push(path.clone());
                continue;
            }
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|error| Failure::Usage(error.to_string()))?;
                let extension = entry.path().extension().map(|extension| extension.to_string_lossy());
                if entry.file_type().is_file()
                    && extension.is_some_and(|extension| Dialect::from_extension(&extension).is_some())
                    && !mynah_detection::is_part_of_package(entry.path())
                {
                    found.push(entry.into_path());
                }
            }
        }
        Ok(found)
    }
}
