//! Planning has a bound on its own memory: what doubles with each command stays small, or is refused by name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah};
use std::fmt::Write;

const RECORD: &str = r#"{"eventVersion":"1.08","eventSource":"iam.amazonaws.com","eventTime":"2026-03-14T10:00:00Z","eventName":"CreateUser"}"#;

fn mynah() -> Mynah {
    Mynah::builder().reader("log.ndjson", RECORD.as_bytes()).unwrap().build().unwrap()
}

/// A query whose every link uses the value of the link before three times.
fn chain(first: &str, link: impl Fn(usize) -> String, last: &str) -> String {
    let mut query = first.to_owned();
    for index in 1..=40 {
        write!(query, "{}", link(index)).unwrap();
    }
    query + last
}

#[test]
fn chains_of_calculations_stay_small() {
    let renamed = |i: usize| format!(" | eval r{i}=if(r{0}>5,r{0}+{i},r{0})", i - 1);
    let again = |i: usize| format!(" | eval r0=if(r0>5,r0+{i},r0)");
    let united = |i: usize| format!(" | eval r0=if(r0>5,r0+{i},r0) | append [search index=none | eval r0=0]");
    let sumo = |i: usize| format!(" | if(r{0}>5,r{0}+{i},r{0}) as r{i}", i - 1);
    let mynah = mynah();
    for (dialect, query) in [
        (Dialect::Spl, chain("index=aws | eval r0=len(eventName)", renamed, " | where r40>5 | table r40")),
        (Dialect::Spl, chain("index=aws | eval r0=len(eventName)", again, " | where r0>5 | table r0")),
        (Dialect::Spl, chain("index=aws | eval r0=len(eventName)", united, " | where r0>5 | table r0")),
        (Dialect::Sumo, chain(r#"* | json "eventName" as e | length(e) as r0"#, sumo, " | where r40>5 | fields r40")),
    ] {
        let rows: Vec<_> = mynah.query(&query, dialect).unwrap().rows().unwrap().collect();
        assert_eq!(rows.len(), 1, "{query}");
    }
}

#[test]
fn aliases_that_stand_for_one_another_too_often_are_named() {
    let aliases = (1..=40).map(|i| format!(", r{0}+r{0} AS r{i}", i - 1)).collect::<String>();
    let query = format!("SELECT STRLEN(username) AS r0{aliases} FROM events WHERE r40>5");
    let diagnostics = mynah().check(&query, Dialect::Aql).unwrap();
    let refused = diagnostics.iter().find(|diagnostic| diagnostic.code == "aql/too-long").unwrap();
    assert!(refused.message.contains("aliases stand for one another"), "{}", refused.message);
}
