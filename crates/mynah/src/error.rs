use mynah_detection::PackageError;
use mynah_engine::EngineError;
use mynah_syntax::Diagnostic;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The settings of the site are invalid.
    #[error("{file}: {message}")]
    Settings {
        /// The file.
        file: String,
        /// The reason.
        message: String,
    },
    /// A Splunk app cannot be read.
    #[error(transparent)]
    SplunkApp(#[from] mynah_spl::AppError),
    /// A query file cannot be used.
    #[error("{file}: {message}")]
    QueryFile {
        /// The file.
        file: String,
        /// The reason.
        message: String,
    },
    /// A query is invalid, or has a construct that cannot be run. At least one of the diagnostics is an error.
    #[error("{}", .0.iter().filter(|diagnostic| diagnostic.is_error()).map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))]
    Query(Vec<Diagnostic>),
    /// Packages of detections are invalid.
    #[error("{}", .0.iter().map(PackageError::to_string).collect::<Vec<_>>().join("\n"))]
    Packages(Vec<PackageError>),
    /// The views, the log sources or the data cannot be used, or a query failed while it ran.
    #[error(transparent)]
    Engine(#[from] EngineError),
}
