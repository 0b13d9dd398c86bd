//! SigmaHQ's regression tests: a rule names an `info.yml`, which names logs and how many of their events the rule finds.
//!
//! The keys, and how paths are looked for: <https://github.com/SigmaHQ/sigma/tree/master/regression_data>,
//! <https://github.com/SigmaHQ/sigma/blob/master/tests/regression_tests_runner.py>.
use crate::{Error, Mynah, frontend, place};
use mynah_detection::{Check, Outcome, Package, Proof};
use mynah_engine::Engine;
use mynah_event::{Dialect, EventId};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// `info.yml`.
#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    rule_metadata: Vec<Metadata>,
    #[serde(default)]
    regression_tests_info: Vec<Test>,
}

#[derive(Deserialize)]
struct Metadata {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Test {
    name: Option<String>,
    path: String,
    match_count: Option<usize>,
    #[serde(default)]
    pipelines: Vec<String>,
    #[serde(default)]
    filters: Vec<String>,
}

impl Mynah {
    /// Runs the regression tests that a Sigma rule names; none if it names none. Logs are files of the rule's repository, whatever
    /// data there is beside.
    ///
    /// # Errors
    /// If an engine cannot be made, or the logs cannot be read.
    pub fn prove_rule(&self, package: &Package) -> Result<Option<Proof>, Error> {
        let Some(named) = package.query(Dialect::Sigma).and_then(named) else { return Ok(None) };
        let file = PathBuf::from(place(package).0);
        let mut proof =
            Proof { package: file.display().to_string(), title: package.manifest.title.clone(), checks: Vec::new() };
        let info = match info(&file, named, &package.manifest.id) {
            Ok(info) => info,
            Err(reason) => {
                proof.checks.push(check("info", "its tests can be read".to_owned(), vec![reason]));
                return Ok(Some(proof));
            }
        };
        for test in &info.regression_tests_info {
            proof.checks.push(self.regression_test(package, &file, test)?);
        }
        Ok((!proof.checks.is_empty()).then_some(proof))
    }

    fn regression_test(&self, package: &Package, rule: &Path, test: &Test) -> Result<Check, Error> {
        let name = test.name.as_deref().unwrap_or("test");
        let least = test.match_count.unwrap_or(1);
        let what = match least {
            1 => "finds 1 event".to_owned(),
            count => format!("finds {count} events"),
        };
        let Some(log) = above(rule, &test.path) else {
            return Ok(check(name, what, vec![format!("file not found: {}", test.path)]));
        };
        let (files, problems) = mynah_source::find(&[log.into_os_string()]);
        let mut wrong: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let engine = Engine::over(self.engine_options()?, files, Vec::new())?;
        let detected = mynah_detection::detect(&engine, &frontend, std::slice::from_ref(package), &[Dialect::Sigma])?;
        wrong.extend(detected.refused.iter().map(|refused| refused.error.to_string()));
        wrong.extend(engine.problems().iter().map(ToString::to_string));
        let events = detected.findings.iter().flat_map(|finding| &finding.events);
        let found = events.map(|event| event.id).collect::<BTreeSet<EventId>>().len();
        let records = engine.progress().events();
        let number = format!("found {found} of {records} events in {}", test.path);
        if found < least {
            wrong.push(number.clone());
            wrong.extend(detected.finds_nothing.into_values());
            if !test.pipelines.is_empty() || !test.filters.is_empty() {
                wrong.push("the test names pipelines or filters of pySigma, which are not read".to_owned());
            }
        }
        let mut check = check(name, what, wrong);
        // SigmaHQ's runner fails if there are fewer, and warns if there are more.
        check.notes.extend(test.match_count.filter(|count| found > *count).map(|_| number));
        Ok(check)
    }
}

fn check(test: &str, what: String, wrong: Vec<String>) -> Check {
    Check {
        test: test.to_owned(),
        behaviour: None,
        dialect: Some(Dialect::Sigma),
        is_signal: false,
        what,
        outcome: if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong) },
        notes: Vec::new(),
    }
}

/// The file with its tests that a rule names.
fn named(rule: &str) -> Option<&str> {
    let value = rule.lines().find_map(|line| line.strip_prefix("regression_tests_path:"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The tests of a rule, which name its id.
fn info(rule: &Path, named: &str, id: &str) -> Result<Info, String> {
    let path = above(rule, named).ok_or_else(|| format!("file not found: {named}"))?;
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{named}: {error}"))?;
    let info: Info = yaml_serde::from_str(&text).map_err(|error| format!("{named}: {error}"))?;
    let ids: Vec<&str> = info.rule_metadata.iter().filter_map(|rule| rule.id.as_deref()).collect();
    match ids.is_empty() || ids.contains(&id) {
        true => Ok(info),
        false => Err(format!("{named} is of another rule: {}", ids.join(", "))),
    }
}

/// A path in the folder of a rule, or in the nearest one above it where it exists.
fn above(rule: &Path, path: &str) -> Option<PathBuf> {
    let path = path.replace('\\', "/");
    let folder = rule.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().ok()?;
    folder.ancestors().map(|folder| folder.join(&path)).find(|path| path.is_file())
}
