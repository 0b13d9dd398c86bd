//! Detections on their schedules: every stage of a query sees the window of the moment at which it runs, and nothing later.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Catalog, Dialect, Mynah};
use std::fs;
use std::path::Path;

const MANIFEST: &str = "title: A trail is deleted from where a user was created
id: 11111111-2222-3333-4444-555555555556
status: experimental
description: A trail is deleted from an address that created a user shortly before.
tags: [attack.execution, attack.t1059.009]
level: high
confidence: high
falsepositives:
  - Maintenance
schedule: {every: 15m, window: 20m}
versions:
  spl:
    query: detection.spl
    description: A subsearch gives the addresses.
    data_sources: [AWS CloudTrail]
    tables: [index=aws]
behaviours:
  - id: delete
    title: Delete a trail
    description: What is not recorded cannot be found.
    commands: []
    signals: []
tests:
  - name: It is deleted
    behaviour: delete
    logs: [logs.ndjson]
    finds: {logs.ndjson: [4]}
  - name: It is deleted for maintenance
    falsepositive: Maintenance
    logs: [logs.ndjson]
    finds: {logs.ndjson: [4]}
  - name: Nothing is deleted
    logs: [quiet.ndjson]
";

const QUERY: &str = "index=aws eventName=DeleteTrail \
                     [search index=aws eventName=CreateUser | fields sourceIPAddress] | table _time, sourceIPAddress\n";

fn record(time: &str, name: &str, address: &str) -> String {
    format!(
        "{{\"eventVersion\":\"1.08\",\"eventSource\":\"iam.amazonaws.com\",\"eventTime\":\"2026-03-14T{time}Z\",\
         \"eventName\":\"{name}\",\"sourceIPAddress\":\"{address}\"}}\n"
    )
}

/// A package with this query, and its logs.
fn package(folder: &Path, query: &str, logs: &[String]) -> (Catalog, Mynah) {
    package_in(Dialect::Spl, folder, query, logs)
}

fn package_in(dialect: Dialect, folder: &Path, query: &str, logs: &[String]) -> (Catalog, Mynah) {
    let package = folder.join("package");
    fs::create_dir_all(&package).unwrap();
    let manifest = MANIFEST.replace("  spl:\n", &format!("  {}:\n", dialect.name()));
    let file = format!("detection.{}", dialect.name());
    fs::write(package.join("detection.yaml"), manifest.replace("detection.spl", &file)).unwrap();
    fs::write(package.join(file), query).unwrap();
    fs::write(package.join("logs.ndjson"), logs.concat()).unwrap();
    fs::write(package.join("quiet.ndjson"), record("10:00:00", "CreateTrail", "198.51.100.1")).unwrap();
    let catalog = Catalog::of_paths(std::slice::from_ref(&package)).unwrap();
    (catalog, Mynah::builder().data(package.join("logs.ndjson").display().to_string()).build().unwrap())
}

/// The numbers of the records that the package finds.
fn found(catalog: &Catalog, mynah: &Mynah) -> Vec<u64> {
    let detected = mynah.detect(catalog, &Dialect::ALL).unwrap();
    assert!(detected.refused.is_empty(), "{:?}", detected.refused);
    detected.findings.iter().flat_map(|finding| finding.events.iter().map(|event| event.record)).collect()
}

#[test]
fn a_subsearch_sees_the_window_and_not_the_future() {
    let folder = tempfile::tempdir().unwrap();
    // The first trail is deleted half an hour before its address creates a user: no window has both.
    let logs = [
        record("10:00:00", "DeleteTrail", "198.51.100.1"),
        record("10:30:00", "CreateUser", "198.51.100.1"),
        record("12:00:00", "CreateUser", "198.51.100.2"),
        record("12:05:00", "DeleteTrail", "198.51.100.2"),
    ];
    let (catalog, mynah) = package(folder.path(), QUERY, &logs);
    assert_eq!(found(&catalog, &mynah), [4]);

    // Without a schedule, all of the logs are searched: both are found.
    let query = mynah.query(QUERY, Dialect::Spl).unwrap();
    assert_eq!(query.rows().unwrap().count(), 2);
}

#[test]
fn what_is_gathered_for_a_query_knows_how_often_a_command_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let query =
        "index=aws eventName=DeleteTrail | eval n=len(sourceIPAddress) | eval n=n+n | eval n=n+n | where n>=48\n";
    let logs = [record("10:00:00", "DeleteTrail", "198.51.100.1"), record("10:01:00", "DeleteTrail", "192.0.2.1")];
    let (catalog, mynah) = package(folder.path(), query, &logs);
    assert_eq!(found(&catalog, &mynah), [1]);
}

#[test]
fn a_query_of_an_earlier_time_sees_the_window_of_that_time() {
    let logs = [
        // In the hour before, the first address deletes a trail, and the second does after the window's counterpart.
        record("11:05:00", "DeleteTrail", "198.51.100.1"),
        record("11:50:00", "DeleteTrail", "198.51.100.2"),
        record("12:05:00", "DeleteTrail", "198.51.100.1"),
        record("12:06:00", "DeleteTrail", "198.51.100.2"),
    ];
    let compare = "_sourceCategory=*CloudTrail* DeleteTrail | count by sourceIPAddress | compare timeshift 1h \
                   | where _count > 0 and _count_1h > 0\n";
    let folder = tempfile::tempdir().unwrap();
    let (catalog, mynah) = package_in(Dialect::Sumo, folder.path(), compare, &logs);
    let found_by_compare = found(&catalog, &mynah);
    assert!(found_by_compare.contains(&3) && !found_by_compare.contains(&4), "{found_by_compare:?}");
}

#[test]
fn a_subquery_with_a_time_of_its_own_sees_that_time() {
    let logs = [
        record("10:00:00", "CreateUser", "198.51.100.1"),
        record("10:30:00", "CreateUser", "198.51.100.2"),
        record("12:05:00", "DeleteTrail", "198.51.100.1"),
        record("12:40:00", "DeleteTrail", "198.51.100.2"),
    ];
    let query = |from: &str| {
        format!(
            "_sourceCategory=*CloudTrail* DeleteTrail [subquery{from}: CreateUser | count by sourceIPAddress \
             | compose sourceIPAddress keywords] | fields sourceIPAddress\n"
        )
    };
    for (from, expected) in [(" from=(-150m)", vec![3, 4]), (" from=(-60m)", vec![]), ("", vec![])] {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, mynah) = package_in(Dialect::Sumo, folder.path(), &query(from), &logs);
        assert_eq!(found(&catalog, &mynah), expected, "{from}");
    }
}
