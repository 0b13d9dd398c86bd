//! Running a package's own tests.
mod outcome;

pub use outcome::{Check, Outcome, Proof};

use crate::package::Exceptions;
use crate::version::{Frontends, Query};
use crate::{Package, Records, Test};
use mynah_engine::{Engine, EngineError, Options};
use mynah_event::{Dialect, EventId};
use mynah_source::InputFile;
use std::collections::{BTreeMap, BTreeSet};

/// Records as (file, number).
type Found = BTreeSet<(String, u64)>;

/// Runs the tests of a package, of the versions in these dialects; `options` gives each test's engine its settings.
///
/// # Errors
/// Where a test's logs cannot be put where an engine can read them.
pub fn prove(
    package: &Package,
    frontends: Frontends<'_>,
    dialects: &[Dialect],
    options: impl Fn() -> Options,
) -> Result<Proof, EngineError> {
    let mut checks = Vec::new();
    for test in &package.manifest.tests {
        let engine = engine(package, test, options())?;
        let names: Vec<String> = engine.files().iter().map(|file| file.path.display().to_string()).collect();
        for dialect in package.dialects().filter(|dialect| dialects.contains(dialect)) {
            let Some(query) = Query::of(package, dialect) else { continue };
            let found = |exceptions: &Exceptions| -> Result<Found, String> {
                let plan = query.plan(&engine, frontends, package).map_err(|error| error.to_string())?;
                let tuned = query.tuned(&engine, package, plan, exceptions).map_err(|error| error.to_string())?;
                let events = tuned.events().map_err(|error| error.to_string())?;
                Ok(events.into_iter().filter_map(|event| named(&names, event)).collect())
            };
            checks.push(version(package, test, dialect, found(&Exceptions::default())));
            if let Some(file) = &test.exceptions {
                let tuned = package
                    .exceptions_of(file)
                    .map_err(|error| error.to_string())
                    .and_then(|exceptions| found(&exceptions));
                checks.push(quiet(test, dialect, file, tuned));
            }
        }
        let behaviour =
            package.manifest.behaviours.iter().find(|behaviour| Some(&behaviour.id) == test.behaviour.as_ref());
        for signal in behaviour.into_iter().flat_map(|behaviour| &behaviour.signals) {
            let query = Query { file: crate::package::MANIFEST, text: &signal.query, dialect: signal.lang };
            let found = query
                .plan(&engine, frontends, package)
                .map_err(|error| error.to_string())
                .and_then(|plan| engine.execute(plan).events().map_err(|error| error.to_string()));
            let wrong = match found {
                Ok(events) if events.is_empty() => vec![format!("the signal is not in the logs: {}", signal.title)],
                Ok(_) => Vec::new(),
                Err(error) => vec![error],
            };
            checks.push(Check {
                test: test.name.clone(),
                behaviour: test.behaviour.clone(),
                dialect: Some(signal.lang),
                what: format!("signal: {}", signal.title),
                outcome: Outcome::of(wrong),
                notes: Vec::new(),
            });
        }
    }
    Ok(Proof { package: package.name.clone(), title: package.manifest.title.clone(), checks })
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

fn named(names: &[String], event: EventId) -> Option<(String, u64)> {
    Some((names.get(event.file() as usize)?.clone(), event.record()))
}

fn records(records: &Records) -> impl Iterator<Item = (String, u64)> {
    records.iter().flat_map(|(file, numbers)| numbers.iter().map(|number| (file.clone(), *number)))
}

/// Whether a version finds what the test says, declared differences taken into account.
fn version(package: &Package, test: &Test, dialect: Dialect, found: Result<Found, String>) -> Check {
    let mut expected: Found = records(&test.finds).collect();
    let mut notes = Vec::new();
    let mut wrong = Vec::new();
    for difference in test.differences.iter().filter(|difference| difference.versions.contains(&dialect)) {
        for record in records(&difference.misses) {
            if !expected.remove(&record) {
                wrong.push(format!(
                    "the test declares a difference in {}, record {}, that no version is to find",
                    record.0, record.1
                ));
            }
        }
        expected.extend(records(&difference.also));
        notes.push(difference.reason.clone());
    }
    match found {
        Err(error) => wrong.push(error),
        Ok(found) => {
            let behaviour = test
                .behaviour
                .as_ref()
                .and_then(|id| package.manifest.behaviours.iter().find(|behaviour| behaviour.id == *id));
            let subject = match behaviour {
                Some(behaviour) => format!("{} ({})", behaviour.id, behaviour.title),
                None => test.name.clone(),
            };
            for (file, numbers) in by_file(expected.difference(&found)) {
                wrong.push(format!("no longer found: {subject}: {file}, {}", list(&numbers)));
            }
            for (file, numbers) in by_file(found.difference(&expected)) {
                wrong.push(format!("found, and should not be: {file}, {}", list(&numbers)));
            }
        }
    }
    let what = match (&test.behaviour, &test.falsepositive, expected.is_empty()) {
        (_, _, true) => "stays quiet".to_owned(),
        (None, Some(_), false) => "fires as the false positive says".to_owned(),
        _ => format!(
            "finds {}",
            if expected.len() == 1 { "1 event".to_owned() } else { format!("{} events", expected.len()) }
        ),
    };
    Check {
        test: test.name.clone(),
        behaviour: test.behaviour.clone(),
        dialect: Some(dialect),
        what,
        outcome: Outcome::of(wrong),
        notes,
    }
}

/// Whether a version is quiet with the test's exceptions.
fn quiet(test: &Test, dialect: Dialect, file: &str, found: Result<Found, String>) -> Check {
    let wrong = match found {
        Err(error) => vec![error],
        Ok(found) => by_file(found.iter())
            .into_iter()
            .map(|(log, numbers)| format!("found in spite of {file}: {log}, {}", list(&numbers)))
            .collect(),
    };
    Check {
        test: test.name.clone(),
        behaviour: test.behaviour.clone(),
        dialect: Some(dialect),
        what: format!("is quiet with {file}"),
        outcome: Outcome::of(wrong),
        notes: Vec::new(),
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
