//! Packages that are broken say where, and the built-in ones are not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_detection::{Catalog, PackageError};
use std::fs;
use std::path::Path;

const QUERY: &str = "any where event.action == \"StopLogging\"\n";
const MANIFEST: &str = "title: A trail is stopped
id: 11111111-2222-3333-4444-555555555555
status: experimental
description: Somebody stops a trail.
tags: [attack.execution, attack.t1059.009]
level: high
confidence: high
falsepositives:
  - Maintenance
schedule: {every: 15m, window: 24h}
versions:
  eql:
    query: detection.eql
    description: One condition.
    data_sources: [AWS CloudTrail]
    tables: [logs-aws.cloudtrail-*]
behaviours:
  - id: stop
    title: Stop a trail
    description: What is not recorded cannot be found.
    commands: []
    signals: []
tests:
  - name: It is stopped
    behaviour: stop
    logs: [logs.ndjson]
    finds: {logs.ndjson: [1]}
  - name: It is stopped for maintenance
    falsepositive: Maintenance
    logs: [logs.ndjson]
    finds: {logs.ndjson: [1]}
  - name: It is not stopped
    logs: [quiet.ndjson]
";

fn package(folder: &Path, manifest: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("detection.yaml"), manifest).unwrap();
    fs::write(folder.join("detection.eql"), QUERY).unwrap();
    fs::write(folder.join("logs.ndjson"), "{\"eventName\":\"StopLogging\"}\n").unwrap();
    fs::write(folder.join("quiet.ndjson"), "{\"eventName\":\"StartLogging\"}\n").unwrap();
}

/// What is wrong with the manifest after a change.
fn wrong(from: &str, to: &str) -> Vec<PackageError> {
    assert!(MANIFEST.contains(from), "the manifest has no {from}");
    let folder = tempfile::tempdir().unwrap();
    package(&folder.path().join("one"), &MANIFEST.replacen(from, to, 1));
    Catalog::of_paths(&[folder.path().to_owned()]).expect_err("the package is broken")
}

fn only(errors: &[PackageError]) -> &PackageError {
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.first().unwrap();
    assert!(error.file.ends_with("one/detection.yaml"), "{error}");
    error
}

#[test]
fn the_built_in_packages_are_whole() {
    let catalog = Catalog::built_in().unwrap();
    assert_eq!(catalog.packages().len(), 2);
    for package in catalog.packages() {
        assert_eq!(package.dialects().count(), 5, "{}", package.name);
        assert!(package.manifest.playbook.is_some() && package.manifest.investigation.is_some());
    }
}

#[test]
fn a_whole_package_loads() {
    let folder = tempfile::tempdir().unwrap();
    package(&folder.path().join("one"), MANIFEST);
    let catalog = Catalog::of_paths(&[folder.path().to_owned()]).unwrap();
    assert_eq!(catalog.find("one").map(|package| package.techniques()), Some(vec!["T1059.009".to_owned()]));
    assert!(catalog.find("t1059.009").is_some());
}

#[test]
fn an_unknown_key_names_file_and_line() {
    let errors = wrong("level: high\n", "level: high\nseverity: high\n");
    let error = only(&errors);
    assert_eq!(error.line, Some(7), "{error}");
    assert!(error.message.contains("severity"), "{error}");
}

#[test]
fn a_missing_query_names_file_and_line() {
    let errors = wrong("query: detection.eql", "query: missing.eql");
    let error = only(&errors);
    assert_eq!((error.line, error.message.as_str()), (Some(13), "file `missing.eql` not found in the package"));
}

#[test]
fn a_bad_id_names_file_and_line() {
    let errors = wrong("11111111-2222", "11111111+2222");
    let error = only(&errors);
    assert_eq!(error.line, Some(2));
    assert!(error.message.contains("is not a UUID"), "{error}");
}

#[test]
fn two_packages_with_one_id_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    package(&folder.path().join("one"), MANIFEST);
    package(&folder.path().join("two"), MANIFEST);
    let errors = Catalog::of_paths(&[folder.path().to_owned()]).expect_err("one id twice");
    let error = errors.first().unwrap();
    assert!(error.file.ends_with("two/detection.yaml"), "{error}");
    assert_eq!(error.line, Some(2));
    assert!(error.message.contains("one/detection.yaml has the same id"), "{error}");
}

#[test]
fn a_test_without_logs_names_file_and_line() {
    let errors = wrong("logs: [quiet.ndjson]", "logs: []");
    let error = only(&errors);
    assert_eq!((error.line, error.message.as_str()), (Some(32), "the test `It is not stopped` has no logs"));
    let errors = wrong("logs: [quiet.ndjson]", "logs: [nothing/]");
    assert_eq!(only(&errors).line, Some(33));
}

#[test]
fn a_behaviour_or_false_positive_without_a_test_is_an_error() {
    let errors = wrong("  - Maintenance\n", "  - Maintenance\n  - The moon\n");
    assert_eq!(only(&errors).message, "no test covers the false positive `The moon`");
    let errors = wrong("    behaviour: stop\n", "");
    assert_eq!(only(&errors).message, "no test covers the behaviour `stop`");
}

#[test]
fn tags_schedules_and_references_are_checked() {
    assert!(
        wrong("attack.t1059.009", "attack.t59")
            .iter()
            .any(|error| error.message.contains("neither an ATT&CK tactic nor a technique"))
    );
    assert!(only(&wrong("every: 15m", "every: 2d")).message.contains("`every` is longer than `window`"));
    assert!(only(&wrong("every: 15m", "every: soon")).message.contains("is not a duration"));
    assert!(
        only(&wrong("finds: {logs.ndjson: [1]}", "finds: {other.ndjson: [1]}")).message.contains("not among the logs")
    );
}
