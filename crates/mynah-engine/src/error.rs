use datafusion::error::DataFusionError;

/// Why a query could not be run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The definitions of log sources cannot be used.
    #[error(transparent)]
    Sources(#[from] mynah_source::DefinitionError),
    /// The views cannot be used.
    #[error(transparent)]
    Views(#[from] mynah_view::ViewError),
    /// `SOURCE=PATH` names a log source that there is none of.
    #[error("there is no log source `{log_source}`{}", .meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
    UnknownLogSource {
        /// The name.
        log_source: String,
        /// The known name most like it.
        meant: Option<String>,
    },
    /// The plan does not run.
    #[error("{0}")]
    Execution(String),
    /// A later stage of the query cannot be planned with the rows of those before it.
    #[error("{}", .reasons.join("; "))]
    Refused {
        /// Why not.
        reasons: Vec<String>,
    },
    /// A plan of a stage stands alone, without the query that would be planned further with its rows.
    #[error("the plan is the first stage of a query, which cannot be planned further here")]
    NoPlan,
    /// Events have several values in fields that the plan takes for those of one: it is to be made again.
    #[error("events have several values in a field for which the plan has one")]
    SeveralValues,
    /// What several queries want of the data is too much to be held for all of them.
    #[error(
        "the events that these queries look at take more than {mebibytes} MiB; give fewer queries or less data at a time"
    )]
    TooMuch {
        /// How much may be held.
        mebibytes: usize,
        /// The numbers of the plans that want the most.
        plans: Vec<usize>,
    },
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        // DataFusion puts words on where errors arose before and around them, which say nothing to a query's author.
        EngineError::Execution(match error.find_root() {
            DataFusionError::External(error) => error.to_string(),
            DataFusionError::Execution(message) => message.clone(),
            other => other.to_string(),
        })
    }
}
