//! Running a package's tests.
use crate::attack;
use crate::manifest::{Exceptions, Records, Signal, Test};
use crate::package::{MANIFEST, Package};
use crate::replay::{Ready, Replay, planned_again};
use crate::version::{Frontends, Query, VersionError, placed};
use mynah_dialect::Mode;
use mynah_engine::{Engine, EngineError, Options};
use mynah_event::{Dialect, EventId};
use mynah_source::{InputFile, Reader};
use mynah_syntax::{Diagnostic, Severity};
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};

/// The results of a package's tests.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The package's name.
    pub package: String,
    /// Its title.
    pub title: String,
    /// One for each test and version, and one for each signal.
    pub checks: Vec<Check>,
}

impl Proof {
    /// Whether all checks passed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.outcome == Outcome::Passed)
    }
}

/// One check of a test.
#[derive(Debug, Clone)]
pub struct Check {
    /// The test's name.
    pub test: String,
    /// The behaviour in the test's logs.
    pub behaviour: Option<String>,
    /// The version, or the language of the signal.
    pub dialect: Option<Dialect>,
    /// Whether it is about a signal, not about a version.
    pub is_signal: bool,
    /// What was expected.
    pub what: String,
    /// Whether it passed.
    pub outcome: Outcome,
    /// Why this version is expected to differ from the others.
    pub notes: Vec<String>,
}

impl Check {
    /// Its name in a list.
    pub fn name(&self) -> String {
        let dialect = self.dialect.map(|dialect| format!("{dialect} ")).unwrap_or_default();
        format!("{}: {dialect}{}", self.test, self.what)
    }
}

/// Whether a check passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, for these reasons.
    Failed(Vec<String>),
}

impl Outcome {
    fn of(wrong: Vec<String>) -> Outcome {
        if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong) }
    }

    /// The reasons for which it failed; none if it passed.
    pub fn reasons(&self) -> &[String] {
        match self {
            Outcome::Passed => &[],
            Outcome::Failed(reasons) => reasons,
        }
    }
}

/// Records as (file, number).
type Found = BTreeSet<(String, u64)>;

/// Runs the tests of a package, for its versions in these dialects, as [`crate::detect`] runs them: at the moments of its
/// schedule, over the events of its window. `options` gives the settings of each test's engine.
///
/// # Errors
/// If the logs of a test cannot be written where an engine can read them.
pub fn prove(
    package: &Package,
    frontends: Frontends<'_>,
    dialects: &[Dialect],
    options: impl Fn() -> Result<Options, EngineError>,
) -> Result<Proof, EngineError> {
    let mut checks = tags(package);
    for test in &package.manifest.tests {
        let engine = engine(package, test, options()?)?;
        let logs = Logs::of(&engine);
        let run = Run { package, test, engine: &engine, logs: &logs, frontends };
        checks.extend(run.broken());
        for dialect in package.dialects().filter(|dialect| dialects.contains(dialect)) {
            let Some(query) = Query::of(package, dialect) else { continue };
            let none = Exceptions::default();
            let found = run.found(query, &none).map_err(|error| error.to_string());
            checks.push(run.version(query, found));
            if let Some(file) = &test.exceptions {
                checks.push(run.quiet(dialect, file, run.found_with(query, file)));
            }
        }
        let behaviours = &package.manifest.behaviours;
        let behaviour = behaviours.iter().find(|behaviour| Some(&behaviour.id) == test.behaviour.as_ref());
        checks.extend(behaviour.into_iter().flat_map(|behaviour| &behaviour.signals).map(|signal| run.signal(signal)));
    }
    Ok(Proof { package: package.name.clone(), title: package.manifest.title.clone(), checks })
}

/// A failed check for each tag with a technique that ATT&CK does not have.
fn tags(package: &Package) -> Vec<Check> {
    let unknown = package.techniques().into_iter().filter(|id| attack::technique(id).is_none());
    let failed = |id: String| {
        let version = attack::version();
        let reason = format!("ATT&CK {version} has no technique {id}: it is misspelt, or of another version");
        Check {
            test: "tags".to_owned(),
            behaviour: None,
            dialect: None,
            is_signal: false,
            what: format!("{id} is a technique"),
            outcome: Outcome::Failed(vec![reason]),
            notes: Vec::new(),
        }
    };
    unknown.map(failed).collect()
}

fn engine(package: &Package, test: &Test, options: Options) -> Result<Engine, EngineError> {
    let mut files = Vec::new();
    for name in test.logs.iter().flat_map(|logs| package.files().below(logs)) {
        if let Some(bytes) = package.files().bytes(name) {
            files.push(InputFile::spooled(name, bytes)?);
        }
    }
    Engine::over(options, files, Vec::new())
}

fn records(records: &Records) -> impl Iterator<Item = (String, u64)> {
    records.iter().flat_map(|(file, numbers)| numbers.iter().map(|number| (file.clone(), *number)))
}

/// The logs of a test.
#[derive(Default)]
struct Logs {
    /// How many records each has.
    records: BTreeMap<String, u64>,
    /// What is wrong with them: a test of logs that are not what they were proves nothing.
    problems: Vec<String>,
}

impl Logs {
    fn of(engine: &Engine) -> Logs {
        let mut logs = Logs::default();
        for file in engine.files() {
            let name = file.path.display().to_string();
            let count = match engine.reader(file) {
                Ok(reader) => logs.read(&name, reader),
                Err(error) => {
                    logs.problems.push(error.to_string());
                    continue;
                }
            };
            if count == 0 {
                logs.problems.push(format!("{name}: no records"));
            }
            logs.records.insert(name, count);
        }
        logs
    }

    /// Reads a log to its end; gives the number of its records.
    fn read(&mut self, name: &str, mut reader: Reader) -> u64 {
        let mut last = 0;
        loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => {
                    for record in &chunk.records {
                        last = last.max(record.number);
                        if let Err(error) = serde_json::from_str::<IgnoredAny>(chunk.document(record)) {
                            self.problems.push(format!("{name}, record {}: {error}", record.number));
                        }
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    self.problems.push(error.to_string());
                    break;
                }
            }
        }
        self.problems.extend(reader.problems().iter().map(ToString::to_string));
        last
    }
}

/// A test over an engine that has its logs.
struct Run<'a> {
    package: &'a Package,
    test: &'a Test,
    engine: &'a Engine,
    logs: &'a Logs,
    frontends: Frontends<'a>,
}

impl Run<'_> {
    /// A failed check if something is wrong with the logs.
    fn broken(&self) -> Option<Check> {
        let check = |problems: &Vec<String>| Check {
            test: self.test.name.clone(),
            behaviour: self.test.behaviour.clone(),
            dialect: None,
            is_signal: false,
            what: "its logs are whole".to_owned(),
            outcome: Outcome::Failed(problems.clone()),
            notes: Vec::new(),
        };
        Some(&self.logs.problems).filter(|problems| !problems.is_empty()).map(check)
    }

    /// The records that a version finds with some exceptions, over all moments of the schedule.
    fn found(&self, query: Query<'_>, exceptions: &Exceptions) -> Result<Found, VersionError> {
        let found = planned_again(|| match Ready::new(self.engine, self.frontends, self.package, query, exceptions) {
            Ok((ready, wanted)) => Ok(Ok((ready, self.engine.gather(&wanted, &[])?))),
            Err(refused) => Ok(Err(refused)),
        });
        let (ready, gathered) = found.map_err(query.failed(self.package))??;
        let rows = Replay { engine: self.engine, gathered: &gathered }.run(&ready, exceptions)?;
        Ok(self.records(rows.into_iter().flatten()))
    }

    /// The same with the exceptions in a file of the package.
    fn found_with(&self, query: Query<'_>, file: &str) -> Result<Found, String> {
        let exceptions = self.package.exceptions_of(file).map_err(|error| error.to_string())?;
        self.found(query, &exceptions).map_err(|error| match error {
            VersionError::Exception { message, .. } => format!("{}: {message}", self.package.files().path(file)),
            other => other.to_string(),
        })
    }

    /// The records that a query finds in the logs as they are, at no moment in particular.
    fn found_anywhen(&self, query: Query<'_>) -> Result<Found, String> {
        let (plan, _) = query.plan(self.engine, self.frontends, self.package).map_err(|error| error.to_string())?;
        Ok(self.records(self.engine.execute(plan).events().map_err(|error| error.to_string())?))
    }

    fn records(&self, events: impl IntoIterator<Item = EventId>) -> Found {
        let file = |event: EventId| Some(self.engine.files().get(event.file() as usize)?.path.display().to_string());
        events.into_iter().filter_map(|event| Some((file(event)?, event.record()))).collect()
    }

    fn check(&self, dialect: Dialect, what: String, wrong: Vec<String>, notes: Vec<String>) -> Check {
        Check {
            test: self.test.name.clone(),
            behaviour: self.test.behaviour.clone(),
            dialect: Some(dialect),
            is_signal: false,
            what,
            outcome: Outcome::of(wrong),
            notes,
        }
    }

    /// Whether a version finds what the test expects, given the declared differences.
    fn version(&self, query: Query<'_>, found: Result<Found, String>) -> Check {
        let (test, dialect) = (self.test, query.dialect);
        let mut expected: Found = records(&test.finds).collect();
        let mut notes = Vec::new();
        let mut wrong = Vec::new();
        for difference in test.differences.iter().filter(|difference| difference.versions.contains(&dialect)) {
            for record in records(&difference.misses) {
                if !expected.remove(&record) {
                    let (file, number) = record;
                    wrong.push(format!("a difference misses record {number} of {file}, which is not in `finds`"));
                }
            }
            expected.extend(records(&difference.also));
            notes.push(difference.reason.clone());
        }
        match found {
            Err(error) => wrong.push(error),
            Ok(found) => {
                let behaviours = &self.package.manifest.behaviours;
                let behaviour = behaviours.iter().find(|behaviour| Some(&behaviour.id) == test.behaviour.as_ref());
                let subject = match behaviour {
                    Some(behaviour) => format!("{} ({})", behaviour.id, behaviour.title),
                    None => test.name.clone(),
                };
                for (file, numbers) in by_file(expected.difference(&found)) {
                    let records = self.logs.records.get(file).copied().unwrap_or(0);
                    let (here, beyond): (Vec<u64>, Vec<u64>) =
                        numbers.into_iter().partition(|n| (1..=records).contains(n));
                    if !here.is_empty() {
                        wrong.push(format!("no longer found: {subject}: {file}, {}", list(&here)));
                    }
                    if !beyond.is_empty() {
                        wrong.push(format!("the test expects {} of {file}, which has {records}", list(&beyond)));
                    }
                }
                for (file, numbers) in by_file(found.difference(&expected)) {
                    wrong.push(format!("found, and should not be: {file}, {}", list(&numbers)));
                }
                if !wrong.is_empty() {
                    wrong.extend(self.warnings(query));
                }
            }
        }
        let what = match (&test.behaviour, &test.falsepositive, expected.len()) {
            (_, _, 0) => "finds nothing".to_owned(),
            (None, Some(_), _) => "finds the false positive".to_owned(),
            (_, _, 1) => "finds 1 event".to_owned(),
            (_, _, count) => format!("finds {count} events"),
        };
        self.check(dialect, what, wrong, notes)
    }

    /// What its language warns of, which may explain a failure.
    fn warnings(&self, query: Query<'_>) -> Vec<String> {
        let planned = self.engine.plan(query.frontend(self.frontends), query.text, Mode::Run);
        let grave = |diagnostic: &&Diagnostic| diagnostic.severity > Severity::Info || diagnostic.finds_nothing;
        placed(query.file, query.text, planned.diagnostics.iter().filter(grave))
    }

    /// Whether a version finds nothing with the test's exceptions.
    fn quiet(&self, dialect: Dialect, file: &str, found: Result<Found, String>) -> Check {
        let wrong = match found {
            Err(error) => vec![error],
            Ok(found) => by_file(found.iter())
                .into_iter()
                .map(|(log, numbers)| format!("found in spite of {file}: {log}, {}", list(&numbers)))
                .collect(),
        };
        self.check(dialect, format!("finds nothing with {file}"), wrong, Vec::new())
    }

    /// Whether an expected event is in the logs.
    fn signal(&self, signal: &Signal) -> Check {
        let query = Query { file: MANIFEST, text: &signal.query, dialect: signal.lang, own: None };
        let wrong = match self.found_anywhen(query) {
            Ok(events) if events.is_empty() => vec![format!("the signal is not in the logs: {}", signal.title)],
            Ok(_) => Vec::new(),
            Err(error) => vec![error],
        };
        let check = self.check(signal.lang, format!("signal: {}", signal.title), wrong, Vec::new());
        Check { is_signal: true, ..check }
    }
}

fn by_file<'a>(found: impl Iterator<Item = &'a (String, u64)>) -> BTreeMap<&'a str, Vec<u64>> {
    let mut files: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (file, number) in found {
        files.entry(file).or_default().push(*number);
    }
    files
}

fn list(numbers: &[u64]) -> String {
    let shown: Vec<String> = numbers.iter().take(10).map(u64::to_string).collect();
    let more = if numbers.len() > 10 { format!(" and {} more", numbers.len() - 10) } else { String::new() };
    format!("record{} {}{more}", if numbers.len() == 1 { "" } else { "s" }, shown.join(", "))
}
