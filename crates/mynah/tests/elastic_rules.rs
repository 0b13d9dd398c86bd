//! Rules of Elastic Security that say more than their query: thresholds, new terms, filters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use mynah::{Dialect, Mynah, Rules};
use std::collections::BTreeSet;

/// The records of each finding of a rule over events, in the order of time.
fn found(rule: &str, events: &[String]) -> Vec<Vec<u64>> {
    let (rules, folder) = read(rule);
    assert_eq!(rules.refused(), [], "{rule}");
    let log = folder.path().join("log.ndjson");
    std::fs::write(&log, events.join("\n")).unwrap();
    let mynah = Mynah::builder().data(log).build().unwrap();
    let detected = mynah.detect(rules.catalog(), &Dialect::ALL).unwrap();
    assert!(detected.refused.is_empty(), "{:?}", detected.refused);
    let records = |finding: &mynah::Finding| finding.events.iter().map(|event| event.record).collect();
    detected.findings.iter().map(records).collect()
}

fn read(rule: &str) -> (Rules, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rule.toml");
    std::fs::write(&file, format!("[rule]\nname = \"A rule\"\nrule_id = \"a\"\nseverity = \"low\"\n{rule}")).unwrap();
    (Rules::read(&[file], &[]), folder)
}

/// An event at a minute of an hour, with more members.
fn event(minute: u32, more: &str) -> String {
    let (hour, minute) = (minute / 60, minute % 60);
    format!(
        "{{\"@timestamp\":\"2026-03-14T{hour:02}:{minute:02}:00Z\",\"ecs\":{{\"version\":\"8.11.0\"}},\"event\":{{\"action\":\"login\"}}{more}}}"
    )
}

fn by(minute: u32, user: &str, address: &str) -> String {
    event(minute, &format!(",\"user\":{{\"name\":{user}}},\"source\":{{\"ip\":\"{address}\"}}"))
}

const QUERY: &str = "query = 'event.action: login'\nfrom = \"now-10m\"\ninterval = \"5m\"\n";

fn threshold(table: &str) -> String {
    format!("type = \"threshold\"\n{QUERY}[rule.threshold]\n{table}")
}

/// The records whose values of some fields are new to a history.
fn new(fields: &str, start: &str, events: &[String]) -> BTreeSet<u64> {
    let rule = format!(
        "type = \"new_terms\"\n{QUERY}[rule.new_terms]\nfield = \"new_terms_fields\"\nvalue = {fields}\n\
         [[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = \"{start}\"\n"
    );
    found(&rule, events).into_iter().flatten().collect()
}

#[test]
fn a_threshold_counts_by_all_of_its_fields_within_the_time_of_a_run() {
    let events = [
        by(1, "\"anna\"", "10.0.0.1"),
        by(2, "\"anna\"", "10.0.0.1"),
        by(3, "\"anna\"", "10.0.0.2"),
        by(4, "\"anna\"", "10.0.0.1"),
        // Three more of another user, too far apart for one run.
        by(20, "\"ben\"", "10.0.0.1"),
        by(32, "\"ben\"", "10.0.0.1"),
        by(44, "\"ben\"", "10.0.0.1"),
        // An event without the field is in no group.
        event(4, ",\"source\":{\"ip\":\"10.0.0.1\"}"),
        event(4, ",\"source\":{\"ip\":\"10.0.0.1\"}"),
        event(4, ",\"source\":{\"ip\":\"10.0.0.1\"}"),
    ];
    let rule = |value| threshold(&format!("field = [\"user.name\", \"source.ip\"]\nvalue = {value}\n"));
    assert_eq!(found(&rule(3), &events), [[1, 2, 4]]);
    assert_eq!(found(&rule(4), &events), Vec::<Vec<u64>>::new());
    // Older rules have one name instead of a list.
    assert_eq!(found(&threshold("field = \"user.name\"\nvalue = 4\n"), &events), [[1, 2, 3, 4]]);
}

#[test]
fn a_threshold_without_fields_counts_all_events_and_a_cardinality_different_values() {
    let events: Vec<String> = (0..6).map(|n| by(n / 2, "\"anna\"", &format!("10.0.0.{}", n % 3))).collect();
    let all = |value, different| {
        let table = format!(
            "field = []\nvalue = {value}\n[[rule.threshold.cardinality]]\nfield = \"source.ip\"\nvalue = {different}\n"
        );
        found(&threshold(&table), &events)
    };
    assert_eq!(all(6, 3), [[1, 2, 3, 4, 5, 6]]);
    assert!(all(6, 4).is_empty());
    assert!(all(7, 3).is_empty());
}

#[test]
fn an_event_with_several_values_is_in_the_group_of_each() {
    let events = [
        event(1, ",\"related\":{\"ip\":[\"10.0.0.1\",\"10.0.0.2\"]}"),
        event(2, ",\"related\":{\"ip\":[\"10.0.0.2\",\"10.0.0.3\"]}"),
        event(2, ",\"related\":{\"ip\":[\"10.0.0.4\",\"10.0.0.4\"]}"),
    ];
    assert_eq!(found(&threshold("field = [\"related.ip\"]\nvalue = 2\n"), &events), [[1, 2]]);
    assert_eq!(new("[\"related.ip\"]", "now-7d", &events), BTreeSet::from([1, 2, 3]));
}

#[test]
fn new_terms_are_values_that_the_history_does_not_have() {
    let events = [
        by(1, "\"anna\"", "10.0.0.1"),
        by(2, "\"anna\"", "10.0.0.2"),
        by(3, "\"ben\"", "10.0.0.1"),
        by(90, "\"anna\"", "10.0.0.1"),
        // The last was more than two hours before.
        by(300, "\"anna\"", "10.0.0.1"),
        event(301, ",\"source\":{\"ip\":\"10.0.0.9\"}"),
    ];
    let new = |fields, start| new(fields, start, &events);
    assert_eq!(new("[\"user.name\"]", "now-2h"), BTreeSet::from([1, 3, 5]));
    assert_eq!(new("[\"user.name\", \"source.ip\"]", "now-2h"), BTreeSet::from([1, 2, 3, 5]));
    assert_eq!(new("[\"user.name\", \"source.ip\"]", "now-7d"), BTreeSet::from([1, 2, 3]));
}

#[test]
fn filters_beside_a_query_hold_too() {
    let events: Vec<String> = ["C:\\\\Windows\\\\a.dll", "c:\\\\windows\\\\b.exe", "C:\\\\Temp\\\\*x"]
        .iter()
        .map(|path| event(1, &format!(",\"file\":{{\"path\":\"{path}\"}}")))
        .collect();
    let filter = |negate, value: &str| {
        format!(
            "[[rule.filters]]\n[rule.filters.meta]\nnegate = {negate}\n[rule.filters.query.wildcard.\"file.path\"]\n\
             case_insensitive = true\nvalue = '{value}'\n"
        )
    };
    let records = |filters: &str| -> BTreeSet<u64> {
        found(&format!("type = \"query\"\n{QUERY}{filters}"), &events).into_iter().flatten().collect()
    };
    assert_eq!(records(&filter(false, "?:\\\\windows\\\\*")), BTreeSet::from([1, 2]));
    let both = format!("{}{}", filter(false, "?:\\\\Windows\\\\*"), filter(true, "*.DLL"));
    assert_eq!(records(&both), BTreeSet::from([2]));
    assert_eq!(records(&filter(false, "*\\*x")), BTreeSet::from([3]));
    let (other, _folder) = read(&format!(
        "type = \"query\"\n{QUERY}[[rule.filters]]\n[rule.filters.query.range.\"process.pid\"]\ngte = 7\n"
    ));
    assert!(other.refused()[0].reason.contains("not read: range"), "{:?}", other.refused());
}

#[test]
fn what_a_rule_lacks_is_named() {
    let reason = |rule: &str| {
        let (rules, _folder) = read(rule);
        rules.refused().first().map(|refused| refused.reason.clone()).unwrap_or_default()
    };
    assert!(reason(&format!("type = \"threshold\"\n{QUERY}")).contains("no table `threshold`"));
    assert!(
        reason(&format!("type = \"new_terms\"\n{QUERY}[rule.new_terms]\nvalue = [\"a\"]\n"))
            .contains("history_window_start")
    );
    assert!(reason("type = \"esql\"\nquery = 'from x'\n").contains("type esql"));
    let lucene = format!("type = \"threshold\"\nlanguage = \"lucene\"\n{QUERY}[rule.threshold]\nvalue = 1\n");
    assert!(reason(&lucene).contains("in lucene"));
    // Analysed text cannot be grouped by: https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/text
    let (rules, folder) = read(&threshold("field = [\"message\"]\nvalue = 1\n"));
    let log = folder.path().join("log.ndjson");
    std::fs::write(&log, event(1, "")).unwrap();
    let detected = Mynah::builder().data(log).build().unwrap().detect(rules.catalog(), &Dialect::ALL).unwrap();
    assert!(detected.refused[0].error.to_string().contains("analysed text"), "{}", detected.refused[0].error);
}
