use mynah_engine::EngineError;
use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// It ran.
    Ran = 0,
    /// It found something, and was asked to fail for that.
    Findings = 1,
    /// The query or the call is wrong.
    Usage = 2,
    /// The data could not be read.
    Data = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

impl Failure {
    pub fn status(&self) -> Status {
        match self {
            failure if failure.is_broken_pipe() => Status::Ran,
            _ => Status::Usage,
        }
    }

    pub fn is_broken_pipe(&self) -> bool {
        let (Failure::Write(error) | Failure::Engine(EngineError::Io(error))) = self else { return false };
        error.kind() == io::ErrorKind::BrokenPipe
    }
}

/// The word `error` as the diagnostics colour it.
pub(crate) fn error_label() -> String {
    let style = anstyle_red();
    format!("{style}error{style:#}")
}

fn anstyle_red() -> clap::builder::styling::Style {
    clap::builder::styling::AnsiColor::BrightRed.on_default().bold()
}
