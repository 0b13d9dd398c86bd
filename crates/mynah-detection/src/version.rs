//! One version of a detection, as a query to plan.
use crate::manifest::Exceptions;
use crate::package::{EXCEPTIONS, Package};
use crate::tuning;
use mynah_dialect::Frontend;
use mynah_engine::{self as engine, Engine, EngineError, Execution};
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, LineColumn};
use mynah_view::EventScan;

/// A function from a dialect to its front end.
pub type Frontends<'a> = &'a (dyn (Fn(Dialect) -> &'static dyn Frontend) + Sync);

/// Why a version's query does not run.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// Its dialect refuses it.
    #[error("{}", placed(.file, .text, .diagnostics.iter().filter(|diagnostic| diagnostic.is_error())).join("; "))]
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

/// What diagnostics say, each with its file and line.
pub(crate) fn placed<'d>(file: &str, text: &str, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<String> {
    let one = |diagnostic: &Diagnostic| {
        let line = LineColumn::of(text, diagnostic.span.start).line;
        format!("{file}:{line}: {}", diagnostic.message)
    };
    diagnostics.into_iter().map(one).collect()
}

/// A query of a package, to be planned for any moment.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub dialect: Dialect,
    /// The front end of its own that the package has for it.
    pub own: Option<&'a dyn Frontend>,
}

impl<'a> Query<'a> {
    /// The query of a package's version.
    pub fn of(package: &'a Package, dialect: Dialect) -> Option<Query<'a>> {
        let file = &package.manifest.versions.get(&dialect)?.query;
        Some(Query { file, text: package.files().text(file).ok()?, dialect, own: package.frontend(dialect) })
    }

    /// Who plans it.
    pub fn frontend(&self, frontends: Frontends<'_>) -> &'a dyn Frontend {
        self.own.unwrap_or_else(|| frontends(self.dialect))
    }

    /// Its plan, for any moment, and why it can find nothing, if nothing can be found in any data.
    pub fn plan(
        &self,
        engine: &Engine,
        frontends: Frontends<'_>,
        package: &Package,
    ) -> Result<(engine::Query<'a>, Option<String>), VersionError> {
        let frontend = self.frontend(frontends);
        let planned = engine.plan(frontend, self.text, mynah_dialect::Mode::Run);
        let idle = planned.diagnostics.iter().find(|diagnostic| diagnostic.finds_nothing);
        let finds_nothing = idle.map(|diagnostic| diagnostic.message.clone());
        match planned.plan {
            Some(plan) => Ok((engine::Query::new(frontend, self.text, plan), finds_nothing)),
            None => Err(VersionError::Refused {
                file: package.files().path(self.file),
                text: self.text.to_owned(),
                diagnostics: planned.diagnostics,
            }),
        }
    }

    /// How its plan is executed with exceptions applied.
    pub fn tuned<'e>(
        &self,
        engine: &'e Engine,
        package: &Package,
        plan: engine::Query<'e>,
        exceptions: &'e Exceptions,
    ) -> Result<Execution<'e>, VersionError> {
        // Broken exceptions are broken for every plan.
        let checked = EventScan::new([]).into_plan().map_err(|error| error.to_string());
        checked
            .and_then(|plan| tuning::apply(plan, exceptions, engine))
            .map_err(|message| VersionError::Exception { file: package.files().path(EXCEPTIONS), message })?;
        let execution = engine.execute(plan);
        Ok(match exceptions.exceptions.is_empty() {
            true => execution,
            false => {
                execution.rewritten(|plan| tuning::apply(plan, exceptions, engine).map_err(EngineError::Execution))
            }
        })
    }

    /// Turns an error of the engine into one of this query.
    pub fn failed(&self, package: &Package) -> impl FnOnce(EngineError) -> VersionError {
        let file = package.files().path(self.file);
        move |source| VersionError::Engine { file, source }
    }
}
