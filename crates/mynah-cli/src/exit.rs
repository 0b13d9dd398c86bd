use clap::builder::styling::AnsiColor;
use mynah::EngineError;
use mynah_syntax::neutral;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit status of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// It ran.
    Ran = 0,
    /// It found something, with `--fail-on-findings`.
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

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Mynah(#[from] mynah::Error),
    #[cfg(feature = "lake")]
    #[error(transparent)]
    Lake(#[from] mynah_lake::LakeError),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

impl Failure {
    /// Whether output could not be written, so that nothing more can be.
    pub fn is_of_output(&self) -> bool {
        matches!(self, Failure::Write(_) | Failure::Mynah(mynah::Error::Engine(EngineError::Io(_))))
    }

    fn status(&self) -> Status {
        #[cfg(feature = "lake")]
        if let Failure::Lake(_) = self {
            return Status::Data;
        }
        Status::Usage
    }

    /// Says on standard error what failed. A reader that went away (`| head`) is not a failure.
    pub fn report(&self) -> Status {
        if let Failure::Write(error) | Failure::Mynah(mynah::Error::Engine(EngineError::Io(error))) = self
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return Status::Ran;
        }
        let style = AnsiColor::BrightRed.on_default().bold();
        let message = self.to_string();
        let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {}", neutral::lines(&message));
        self.status()
    }
}
