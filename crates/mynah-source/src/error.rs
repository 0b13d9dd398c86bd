use std::io;
use std::path::PathBuf;

/// Why a file cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The operating system does not let us open it.
    #[error("cannot open {}: {source}", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Reading failed midway. The records before that were given out.
    #[error("cannot read {} to its end: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no log in any form that Mynah reads.
    #[error(
        "{} is in no form that Mynah reads ({found}): JSON, EVTX, Windows XML, CSV, Parquet or text, plain, gzip, zstd, bzip2 or xz",
        file.display()
    )]
    NotLogs {
        /// The file.
        file: PathBuf,
        /// What it looks like instead.
        found: String,
    },
    /// The container is known, but so damaged at its start that nothing in it can be found.
    #[error("{}: {message}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
}

/// A log source's definition (`sources/*.toml`) that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// The file is not the TOML that `docs/sources.md` describes.
    #[error("{file}: {message}")]
    Syntax {
        /// The file, as it was named.
        file: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// `extends` names no log source, or goes in a circle.
    #[error("{file}: extends `{base}`, which is no log source, or extends this one")]
    Extends {
        /// The file, as it was named.
        file: String,
        /// The log source it wants to extend.
        base: String,
    },
    /// A form of text makes no sense.
    #[error("{file}: text `{text}`: {message}")]
    Text {
        /// The file, as it was named.
        file: String,
        /// The name of the form.
        text: String,
        /// What is wrong with it.
        message: String,
    },
    /// A recognition rule makes no sense.
    #[error("{file}: shape `{shape}`: {message}")]
    Shape {
        /// The file, as it was named.
        file: String,
        /// The shape's name.
        shape: String,
        /// What is wrong with it.
        message: String,
    },
    /// Two files define one log source.
    #[error("{file}: {other} defines `{name}` too")]
    Twice {
        /// The file, as it was named.
        file: String,
        /// The other file.
        other: String,
        /// The log source.
        name: String,
    },
    /// A file or folder could not be read.
    #[error("{file}: {source}")]
    Read {
        /// The file or folder.
        file: String,
        /// Why.
        source: io::Error,
    },
}
