//! What must hold of a package: a whole manifest, and a test for every behaviour and every false positive.
use crate::attack;
use crate::files::{Files, PackageError};
use crate::manifest::{Falsifier, Records, Test};
use crate::package::{EXCEPTIONS, Package};
use mynah_event::Dialect;
use std::collections::BTreeSet;

impl Package {
    /// Reads a package, and checks its manifest against its files.
    ///
    /// # Errors
    /// Every error of the package, each with its file and line.
    pub fn load(name: &str, files: Files) -> Result<Package, Vec<PackageError>> {
        let package = Package::read(name, files).map_err(|error| vec![error])?;
        let wrong = check(&package);
        if wrong.is_empty() { Ok(package) } else { Err(wrong) }
    }
}

/// Every error of a package whose manifest could be parsed.
fn check(package: &Package) -> Vec<PackageError> {
    let mut wrong = Vec::new();
    head(package, &mut wrong);
    files(package, &mut wrong);
    behaviours(package, &mut wrong);
    for test in &package.manifest.tests {
        one_test(package, test, &mut wrong);
    }
    coverage(package, &mut wrong);
    for exception in package.exceptions.exceptions.iter().filter(|exception| exception.fields.is_empty()) {
        let file = package.files().path(EXCEPTIONS);
        let message = format!("the exception `{}` names no field", exception.reason);
        wrong.push(PackageError { file, line: None, message });
    }
    wrong
}

fn head(package: &Package, wrong: &mut Vec<PackageError>) {
    let manifest = &package.manifest;
    if !is_uuid(&manifest.id) {
        wrong.push(package.wrong(
            &["id:", &manifest.id],
            format!("`{}` is not a UUID (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, in lower case)", manifest.id),
        ));
    }
    for (key, date) in [("date:", &manifest.date), ("modified:", &manifest.modified)] {
        if let Some(date) = date.as_ref().filter(|date| date.parse::<jiff::civil::Date>().is_err()) {
            wrong.push(package.wrong(&[key, date], format!("`{date}` is not a date (YYYY-MM-DD)")));
        }
    }
    if !manifest.tags.iter().any(|tag| attack::technique_of(tag).is_some()) {
        wrong.push(package.wrong(&["tags:"], "no tag names an ATT&CK technique; add one such as attack.t1021.007"));
    }
    for tag in manifest.tags.iter().filter(|tag| tag.starts_with("attack.")) {
        if attack::technique_of(tag).is_none() && attack::tactic_of(tag).is_none() {
            wrong.push(package.wrong(&[tag], format!("`{tag}` is neither an ATT&CK tactic nor a technique")));
        }
    }
    if manifest.schedule.is_some_and(|schedule| schedule.every.milliseconds() > schedule.window.milliseconds()) {
        wrong.push(
            package
                .wrong(&["schedule:"], "events between two runs are never searched: `every` is longer than `window`"),
        );
    }
    if manifest.versions.is_empty() {
        wrong.push(package.wrong(&["versions:"], "the detection has no query"));
    }
}

fn files(package: &Package, wrong: &mut Vec<PackageError>) {
    let manifest = &package.manifest;
    let mut named: Vec<&str> = Vec::new();
    for (dialect, version) in &manifest.versions {
        named.push(&version.query);
        let by_extension = extension(&version.query).and_then(Dialect::from_extension);
        if by_extension != Some(*dialect) {
            wrong.push(package.wrong(
                &["query:", &version.query],
                format!("`{}` does not have the extension of {dialect} files", version.query),
            ));
        }
    }
    named.extend(manifest.playbook.as_deref());
    named.extend(manifest.investigation.as_deref());
    for hunt in &manifest.hunting {
        named.push(&hunt.query);
        if extension(&hunt.query).and_then(Dialect::from_extension).is_none() {
            wrong.push(package.wrong(
                &["query:", &hunt.query],
                format!("`{}` does not have the extension of a query language", hunt.query),
            ));
        }
    }
    named.extend(manifest.tests.iter().filter_map(|test| test.exceptions.as_deref()));
    for file in named {
        if !package.files().has(file) {
            wrong.push(package.wrong(&[file], format!("file `{file}` not found in the package")));
        }
    }
}

fn behaviours(package: &Package, wrong: &mut Vec<PackageError>) {
    let mut seen = BTreeSet::new();
    for behaviour in &package.manifest.behaviours {
        if !seen.insert(&behaviour.id) {
            wrong
                .push(package.wrong(&["id:", &behaviour.id], format!("two behaviours have the id `{}`", behaviour.id)));
        }
        if let Some(atomic) = &behaviour.atomic
            && !is_uuid(&atomic.guid)
        {
            wrong.push(package.wrong(&["guid:", &atomic.guid], format!("`{}` is not a UUID", atomic.guid)));
        }
    }
}

fn one_test(package: &Package, test: &Test, wrong: &mut Vec<PackageError>) {
    let manifest = &package.manifest;
    let at = |words: &[&str], message: String| package.wrong(words, message);
    let logs: BTreeSet<&str> = test.logs.iter().flat_map(|logs| package.files().below(logs)).collect();
    if test.logs.is_empty() {
        wrong.push(at(&["name:", &test.name], format!("the test `{}` has no logs", test.name)));
    }
    for missing in test.logs.iter().filter(|logs| package.files().below(logs).is_empty()) {
        wrong.push(at(
            &[missing],
            format!("the test `{}` has no logs: `{missing}` not found in the package", test.name),
        ));
    }
    if let Some(behaviour) = &test.behaviour {
        if !manifest.behaviours.iter().any(|known| &known.id == behaviour) {
            wrong.push(at(&["behaviour:", behaviour], format!("behaviour `{behaviour}` is not defined")));
        }
        if test.finds.is_empty() {
            wrong.push(at(&["name:", &test.name], format!("the test `{}` has a behaviour but no `finds`", test.name)));
        }
    }
    match &test.falsepositive {
        Some(Falsifier::Text(text)) if !manifest.falsepositives.contains(text) => {
            wrong.push(at(&["falsepositive:", text], format!("`{text}` is not in `falsepositives`")));
        }
        Some(Falsifier::Number(number)) if *number == 0 || *number > manifest.falsepositives.len() => {
            wrong.push(at(
                &["falsepositive:", &number.to_string()],
                format!("false positive {number} is not defined: there are {}", manifest.falsepositives.len()),
            ));
        }
        _ => {}
    }
    let named = std::iter::once(&test.finds)
        .chain(test.differences.iter().flat_map(|difference| [&difference.misses, &difference.also]));
    for file in named.flat_map(Records::keys).filter(|file| !logs.contains(file.as_str())) {
        wrong.push(at(&[file, ":"], format!("`{file}` is not among the logs of the test `{}`", test.name)));
    }
    for dialect in test.differences.iter().flat_map(|difference| &difference.versions) {
        if !manifest.versions.contains_key(dialect) {
            wrong.push(at(
                &["versions:", dialect.name()],
                format!("a difference names {dialect}, but there is no version in {dialect}"),
            ));
        }
    }
}

/// Every behaviour and every false positive has a test, and there is a test in which nothing is found.
fn coverage(package: &Package, wrong: &mut Vec<PackageError>) {
    let manifest = &package.manifest;
    for behaviour in &manifest.behaviours {
        if !manifest.tests.iter().any(|test| test.behaviour.as_ref() == Some(&behaviour.id)) {
            wrong.push(
                package.wrong(&["id:", &behaviour.id], format!("no test covers the behaviour `{}`", behaviour.id)),
            );
        }
    }
    for (index, text) in manifest.falsepositives.iter().enumerate() {
        let tested = manifest.tests.iter().any(|test| match &test.falsepositive {
            Some(Falsifier::Number(number)) => *number == index + 1,
            Some(Falsifier::Text(named)) => named == text,
            None => false,
        });
        if !tested {
            wrong.push(package.wrong(&[text], format!("no test covers the false positive `{text}`")));
        }
    }
    if !manifest.tests.iter().any(|test| test.behaviour.is_none() && test.falsepositive.is_none()) {
        wrong.push(package.wrong(
            &["tests:"],
            "no test has benign logs only: add one without `behaviour`, `falsepositive` and `finds`",
        ));
    }
}

fn extension(file: &str) -> Option<&str> {
    file.rsplit_once('.').map(|(_, extension)| extension)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')))
}
