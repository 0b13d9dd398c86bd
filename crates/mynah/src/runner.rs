use crate::explain::{self, Explanation};
use crate::{Error, Query, Settings, frontend, hint, lakes};
use mynah_detection::{Catalog, Comparison, Detected, Evidence, Finding, Package, Proof};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Stages};
use mynah_engine::{Engine, EngineError, Options, in_parallel};
use mynah_event::{Dialect, LogSource, Timestamp};
use mynah_source::InputFile;
use mynah_syntax::{Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::Path;

/// Says what a [`Mynah`] reads and how it runs queries.
#[derive(Debug, Default)]
pub struct Builder {
    data: Vec<OsString>,
    files: Vec<InputFile>,
    settings: Settings,
    now: Option<Timestamp>,
    threads: Option<usize>,
    parse_everything: bool,
    strict: bool,
}

impl Builder {
    /// Adds logs: a file, a folder, a glob, or `-` for standard input. `SOURCE=PATH` names the log source, where it would
    /// not be recognised; `lake:PATH` is what was ingested into a lake, with the feature `lake`. Paths that cannot be read are among [`Engine::problems`].
    pub fn data(mut self, path: impl Into<OsString>) -> Builder {
        self.data.push(path.into());
        self
    }

    /// Adds a log that is not a file; `name` stands for its path.
    ///
    /// # Errors
    /// If it cannot be read, or the temporary file that holds it cannot be written.
    pub fn reader(mut self, name: &str, log: impl io::Read) -> Result<Builder, Error> {
        self.files.push(InputFile::spooled(name, log).map_err(EngineError::Io)?);
        Ok(self)
    }

    /// Sets the settings of the site. Without them, no `mynah.toml` is read.
    pub fn settings(mut self, settings: Settings) -> Builder {
        self.settings = settings;
        self
    }

    /// Reads the settings of the site from a `mynah.toml`.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn config(self, path: impl AsRef<Path>) -> Result<Builder, Error> {
        Ok(self.settings(Settings::read(path.as_ref())?))
    }

    /// Sets the queries' clock. Without it, the clock is just after the newest event.
    pub fn now(mut self, now: Timestamp) -> Builder {
        self.now = Some(now);
        self
    }

    /// Sets the number of threads. Without it, all cores are used.
    pub fn threads(mut self, threads: usize) -> Builder {
        self.threads = Some(threads);
        self
    }

    /// Treats warnings about what a vendor refuses as errors.
    pub fn strict(mut self, strict: bool) -> Builder {
        self.strict = strict;
        self
    }

    /// Parses every record, including those whose bytes cannot match. Results are the same; only tests and measurements
    /// need it.
    pub fn parse_everything(mut self, parse_everything: bool) -> Builder {
        self.parse_everything = parse_everything;
        self
    }

    /// Opens the data.
    ///
    /// # Errors
    /// If views or definitions of log sources are invalid, or `SOURCE=PATH` names an unknown log source.
    pub fn build(self) -> Result<Mynah, Error> {
        let (data, stores, no_lakes) = lakes::open(self.data);
        let options = Options {
            now: self.now,
            threads: self.threads,
            prefilter: !self.parse_everything,
            stores,
            ..options(&self.settings)?
        };
        let (mut files, mut problems) = mynah_source::find(&data);
        problems.extend(no_lakes);
        files.extend(self.files);
        let engine = Engine::over(options, files, problems)?;
        Ok(Mynah { engine, settings: self.settings, strict: self.strict })
    }
}

/// An engine's options for a site.
fn options(settings: &Settings) -> Result<Options, EngineError> {
    Ok(Options {
        views: Some(settings.catalog()?),
        site: settings.site.clone(),
        sources: settings.sources.clone(),
        ..Options::default()
    })
}

/// Runs queries and detections over one set of logs.
pub struct Mynah {
    engine: Engine,
    settings: Settings,
    strict: bool,
}

impl Mynah {
    /// A builder without data and with default settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The engine: its files, problems with the data, progress.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Parses, lints and plans a query.
    ///
    /// # Errors
    /// [`Error::Query`] if a diagnostic is an error. Other diagnostics are in [`Query::diagnostics`].
    pub fn query(&self, text: &str, dialect: Dialect) -> Result<Query<'_>, Error> {
        let planned = self.strictly(self.engine.plan(frontend(dialect), text, Mode::Run));
        let refused = planned.diagnostics.iter().any(Diagnostic::is_error);
        match planned.plan {
            Some(plan) if !refused => {
                Ok(Query::new(&self.engine, text, dialect, plan, planned.diagnostics, planned.numbers))
            }
            _ => Err(Error::Query(self.hinted(planned.diagnostics, text, dialect))),
        }
    }

    /// As [`Mynah::query`], of a text whose parts are queries of their own, such as a stream of Sigma rules: those that are refused stop
    /// no others. Gives what is left and what was said of the refused ones.
    ///
    /// ```
    /// use mynah::{Dialect, Mynah};
    ///
    /// let rule = "title: A\nlogsource:\n    product: aws\ndetection:\n    s:\n        eventName: StopLogging\n    condition: s\n";
    /// let stream = format!("{}---\n{rule}", rule.replace("condition: s", "condition: t"));
    /// let mynah = Mynah::builder().data("../../examples/logs").build()?;
    /// let (query, refused) = mynah.query_of_rest(&stream, Dialect::Sigma)?;
    /// assert_eq!((query.rows()?.count(), refused.len()), (1, 1));
    /// # Ok::<(), mynah::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Query`] with all diagnostics if nothing is left.
    pub fn query_of_rest(&self, text: &str, dialect: Dialect) -> Result<(Query<'_>, Vec<Diagnostic>), Error> {
        let mut refused: Vec<Diagnostic> = Vec::new();
        let mut left = std::borrow::Cow::Borrowed(text);
        loop {
            let diagnostics = match self.query(&left, dialect) {
                Ok(query) => return Ok((query, refused)),
                Err(Error::Query(diagnostics)) => diagnostics,
                Err(other) => return Err(other),
            };
            let rest = frontend(dialect).remaining(&left, &diagnostics).filter(|rest| rest.text != *left);
            let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned();
            let Some(rest) = rest else {
                // Nothing of it runs: all that there is to say is in the diagnostics of the last round, and the errors before.
                refused.extend(diagnostics);
                return Err(Error::Query(refused));
            };
            refused.extend(errors.chain(rest.diagnostics));
            left = std::borrow::Cow::Owned(rest.text);
        }
    }

    /// Parses and lints a query without data. Macros and lookup tables that the site does not have are only warnings.
    ///
    /// # Errors
    /// If the view of the dialect's platform cannot be used.
    pub fn check(&self, text: &str, dialect: Dialect) -> Result<Vec<Diagnostic>, Error> {
        let diagnostics = self.strictly(self.planned(text, dialect)?).diagnostics;
        Ok(self.hinted(diagnostics, text, dialect))
    }

    /// Parses and lints the query of a rule without data, as [`Mynah::check`] does, with what the rule puts around it.
    ///
    /// # Errors
    /// If the view of the dialect's platform cannot be used.
    pub fn check_rule(&self, package: &Package, dialect: Dialect) -> Result<Vec<Diagnostic>, Error> {
        let text = package.query(dialect).unwrap_or_default();
        match package.frontend(dialect) {
            None => self.check(text, dialect),
            Some(own) => Ok(self.strictly(self.planned_by(own, text)?).diagnostics),
        }
    }

    fn planned(&self, text: &str, dialect: Dialect) -> Result<Planned, Error> {
        self.planned_by(frontend(dialect), text)
    }

    fn planned_by(&self, frontend: &dyn Frontend, text: &str) -> Result<Planned, Error> {
        let dialect = frontend.dialect();
        let view = self.engine.view(dialect.platform())?;
        let (site, stages) = (&self.settings.site, Stages::without_data());
        let context = PlanContext { mode: Mode::Check, view: &view, site, stages: &stages };
        Ok(frontend.plan(text, &context))
    }

    /// The same, with a word on the language if there are errors and the text seems to be in another one.
    fn hinted(&self, mut diagnostics: Vec<Diagnostic>, text: &str, dialect: Dialect) -> Vec<Diagnostic> {
        let accepts = |other| {
            self.planned(text, other).is_ok_and(|planned| !planned.diagnostics.iter().any(Diagnostic::is_error))
        };
        hint::add(text, dialect, &mut diagnostics, accepts);
        diagnostics
    }

    /// The plan of a query, what it looks for in records before it parses them, and where its fields come from.
    ///
    /// # Errors
    /// [`Error::Query`] if there is no plan.
    pub fn explain(&self, text: &str, dialect: Dialect) -> Result<Explanation<'_>, Error> {
        let planned = self.engine.plan(frontend(dialect), text, Mode::Check);
        let plan = planned.plan.ok_or_else(|| Error::Query(self.hinted(planned.diagnostics.clone(), text, dialect)))?;
        explain::explain(Query::new(&self.engine, text, dialect, plan, planned.diagnostics, planned.numbers))
    }

    /// Runs the versions of a catalogue's detections in these dialects, as their schedules would have run them.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn detect(&self, catalog: &Catalog, dialects: &[Dialect]) -> Result<Detected, Error> {
        Ok(mynah_detection::detect(&self.engine, &frontend, catalog.packages(), dialects)?)
    }

    /// Which conditions the first events of findings fulfil, as many as there are findings; the catalogue has their detections.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn evidence(&self, catalog: &Catalog, findings: &[&Finding]) -> Result<Vec<Evidence>, Error> {
        Ok(mynah_detection::evidence(&self.engine, &frontend, catalog.packages(), findings)?)
    }

    /// How many detections of a catalogue, by their versions in these dialects, can find events of each of these log sources, as
    /// far as the conditions tell that say which log sources a query is about. Detections that do not run count for nothing.
    ///
    /// ```
    /// use mynah::{Catalog, Dialect, LogSource, Mynah};
    ///
    /// let mynah = Mynah::builder().build()?;
    /// let sources = [LogSource::new("aws.cloudtrail"), LogSource::new("okta.system")].into();
    /// let catalog = Catalog::built_in().map_err(mynah::Error::Packages)?;
    /// let seen = mynah.coverage(&catalog, &Dialect::ALL, &sources);
    /// assert!(seen[&LogSource::new("aws.cloudtrail")] > 0 && seen[&LogSource::new("okta.system")] == 0);
    /// # Ok::<(), mynah::Error>(())
    /// ```
    pub fn coverage(
        &self,
        catalog: &Catalog,
        dialects: &[Dialect],
        among: &BTreeSet<LogSource>,
    ) -> BTreeMap<LogSource, usize> {
        let packages = if among.is_empty() { &[] } else { catalog.packages() };
        let reached = in_parallel(self.engine.threads(), packages, |package| {
            let versions = package.dialects().filter(|dialect| dialects.contains(dialect));
            let plans = versions.filter_map(|dialect| {
                let own = package.frontend(dialect).unwrap_or_else(|| frontend(dialect));
                self.engine.plan(own, package.query(dialect)?, Mode::Check).plan
            });
            let sources = plans.filter_map(|plan| self.engine.log_sources_of(plan.first().clone(), among).ok());
            sources.flatten().collect::<BTreeSet<LogSource>>()
        });
        let mut counts: BTreeMap<LogSource, usize> = among.iter().map(|source| (source.clone(), 0)).collect();
        reached.into_iter().flatten().for_each(|source| *counts.entry(source).or_default() += 1);
        counts
    }

    /// Finds the events that only some versions of a detection find.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn compare(&self, package: &Package, dialects: &[Dialect]) -> Result<Comparison, Error> {
        Ok(mynah_detection::compare(&self.engine, &frontend, package, dialects)?)
    }

    /// Runs the tests of a detection, over its own logs, for its versions in these dialects.
    ///
    /// # Errors
    /// If the logs of a test cannot be written to temporary files.
    pub fn prove(&self, package: &Package, dialects: &[Dialect]) -> Result<Proof, Error> {
        Ok(mynah_detection::prove(package, &frontend, dialects, || options(&self.settings))?)
    }

    /// The options of another engine with the same settings.
    pub(crate) fn engine_options(&self) -> Result<Options, EngineError> {
        options(&self.settings)
    }

    /// The same over these files.
    pub(crate) fn over(&self, files: Vec<InputFile>) -> Result<Mynah, Error> {
        let engine = Engine::over(self.engine_options()?, files, Vec::new())?;
        Ok(Mynah { engine, settings: self.settings.clone(), strict: self.strict })
    }

    fn strictly(&self, mut planned: Planned) -> Planned {
        let warnings = planned.diagnostics.iter_mut().filter(|diagnostic| diagnostic.severity == Severity::Warning);
        for diagnostic in warnings.filter(|_| self.strict) {
            diagnostic.severity = Severity::Error;
        }
        planned
    }
}
