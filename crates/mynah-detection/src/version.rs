//! One version of a detection, as a query to plan.
use crate::manifest::Exceptions;
use crate::package::{EXCEPTIONS, Package};
use crate::tuning;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::Frontend;
use mynah_engine::{Engine, EngineError};
use mynah_event::{Dialect, Timestamp};
use mynah_syntax::Diagnostic;

/// A function from a dialect to its front end.
pub type Frontends<'a> = &'a (dyn (Fn(Dialect) -> &'static dyn Frontend) + Sync);

/// Why a version's query does not run.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// Its dialect refuses it.
    #[error("{file}: {}", .diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.as_str()).collect::<Vec<_>>().join("; "))]
    Refused {
        /// The query's file.
        file: String,
        /// Its text.
        text: String,
        /// The diagnostics of its dialect.
        diagnostics: Vec<Diagnostic>,
    },
    /// It fails at execution.
    #[error("{file}: {source}")]
    Engine {
        /// The query's file.
        file: String,
        /// The error.
        source: EngineError,
    },
    /// The exceptions cannot be applied.
    #[error("{file}: {message}")]
    Exception {
        /// The exceptions' file.
        file: String,
        /// The reason.
        message: String,
    },
}

/// A query of a package, to be planned for any moment.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub dialect: Dialect,
}

impl<'a> Query<'a> {
    /// The query of a package's version.
    pub fn of(package: &'a Package, dialect: Dialect) -> Option<Query<'a>> {
        let file = &package.manifest.versions.get(&dialect)?.query;
        Some(Query { file, text: package.files().text(file).ok()?, dialect })
    }

    /// Its plan at a moment; at the engine's own clock if none is given.
    pub fn plan(
        &self,
        engine: &Engine,
        frontends: Frontends<'_>,
        package: &Package,
        now: Option<Timestamp>,
    ) -> Result<LogicalPlan, VersionError> {
        let frontend = frontends(self.dialect);
        let planned = match now {
            Some(now) => engine.plan_at(frontend, self.text, now),
            None => engine.plan(frontend, self.text, mynah_dialect::Mode::Run),
        };
        let refused = planned.diagnostics.iter().any(Diagnostic::is_error);
        planned.plan.filter(|_| !refused).ok_or_else(|| VersionError::Refused {
            file: package.files().path(self.file),
            text: self.text.to_owned(),
            diagnostics: planned.diagnostics,
        })
    }

    /// Its plan with exceptions applied.
    pub fn tuned(
        &self,
        engine: &Engine,
        frontends: Frontends<'_>,
        package: &Package,
        now: Option<Timestamp>,
        exceptions: &Exceptions,
    ) -> Result<LogicalPlan, VersionError> {
        let plan = self.plan(engine, frontends, package, now)?;
        tuning::apply(plan, exceptions, engine)
            .map_err(|message| VersionError::Exception { file: package.files().path(EXCEPTIONS), message })
    }

    /// Turns an error of the engine into one of this query.
    pub fn failed(&self, package: &Package) -> impl FnOnce(EngineError) -> VersionError {
        let file = package.files().path(self.file);
        move |source| VersionError::Engine { file, source }
    }
}
