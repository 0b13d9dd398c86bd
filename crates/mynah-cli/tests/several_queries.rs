//! Queries that read the logs together answer as each alone does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use std::fs;
use support::{mynah, repository};

/// Queries in all languages: of single events, aggregates, sequences, with subsearches, of all events, of none, and one that is broken.
const QUERIES: [(&str, &str); 11] = [
    ("one.eql", "any where event.action == \"StopLogging\""),
    (
        "sequence.eql",
        "sequence by user.name with maxspan=1d [any where event.action == \"CreateUser\"] [any where event.action == \"CreateAccessKey\"]",
    ),
    ("count.spl", "index=* eventName=* | stats count by eventName, sourceIPAddress"),
    ("within.spl", "index=* earliest=-2h eventName=* | table _time eventName"),
    ("sub.spl", "index=* [search eventName=CreateUser | return sourceIPAddress] | stats count by eventName"),
    ("made.spl", "| makeresults count=2 | eval a=1"),
    ("every.spl", "index=* | stats count by sourcetype"),
    ("day.aql", "SELECT QIDNAME(qid) AS name, sourceip FROM events WHERE QIDNAME(qid) ILIKE '%create%' LAST 24 HOURS"),
    ("words.sumo", "CreateUser or StopLogging | count by eventName"),
    ("rule.kuery", "event.action: (ConsoleLogin or CreateUser)"),
    ("broken.eql", "any where event.action =="),
];

#[test]
fn several_queries_answer_as_each_alone_does() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in QUERIES {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let logs = repository("examples/logs");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let paths: Vec<String> = QUERIES.iter().map(|(name, _)| path(name)).collect();
    let call: Vec<&str> =
        ["run"].into_iter().chain(paths.iter().map(String::as_str)).chain(["--data", &logs]).collect();
    let together = mynah(&call);
    assert_eq!(together.status, 2, "the broken one is an error");
    assert!(together.stderr.contains("broken.eql"), "{}", together.stderr);
    let rows: Vec<Value> = together.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut total = 0;
    for (name, _) in QUERIES.iter().filter(|(name, _)| *name != "broken.eql") {
        let path = path(name);
        let mut alone: Vec<String> =
            mynah(&["run", &path, "--data", &logs]).rows().iter().map(Value::to_string).collect();
        let of_query = rows.iter().filter(|row| row["mynah_query"] == path.as_str());
        let mut shared: Vec<String> = of_query
            .map(|row| {
                let mut row = row.clone();
                row.as_object_mut().unwrap().shift_remove("mynah_query");
                row.to_string()
            })
            .collect();
        alone.sort();
        shared.sort();
        assert!(!alone.is_empty(), "{name} finds nothing, and so proves nothing");
        assert_eq!(alone, shared, "{name}");
        total += alone.len();
    }
    assert_eq!(total, rows.len());
}
