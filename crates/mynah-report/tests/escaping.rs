//! Texts from logs are data in every format: not markup, not formulas, not control characters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_detection::{Check, Confidence, Finding, Level, Outcome, Proof};
use mynah_report::{findings, proofs};
use std::collections::BTreeSet;

fn text(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn finding(what: &str) -> Finding {
    Finding {
        detection: "T1000".to_owned(),
        id: "11111111-2222-3333-4444-555555555555".to_owned(),
        title: "A & B".to_owned(),
        about: std::sync::Arc::default(),
        tactics: Vec::new(),
        techniques: vec!["T1000".to_owned()],
        level: Level::High,
        confidence: Confidence::Low,
        users: BTreeSet::new(),
        addresses: BTreeSet::new(),
        hosts: BTreeSet::new(),
        what: BTreeSet::from([what.to_owned()]),
        processes: BTreeSet::new(),
        first: None,
        last: None,
        events: Vec::new(),
        versions: BTreeSet::new(),
    }
}

fn html(all: &[Finding], data: &str) -> String {
    let chosen = findings::chosen(all);
    let page = findings::Page {
        findings: all,
        chosen: &chosen,
        evidence: &[],
        events: 3,
        packages: &[],
        tokens: &|_, _| Vec::new(),
        data,
        ran: "",
    };
    text(|out| findings::html(&page, out))
}

#[test]
fn html_escapes_markup() {
    let mut hostile = finding("<script>\u{1b}[31m");
    hostile.hosts.insert("\" onclick=\"x".to_owned());
    let page = html(&[hostile], "logs/<x>");
    // The page has one script: its own.
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(page.contains("&lt;script&gt;\u{FFFD}[31m") && !page.contains("\" onclick"), "{page}");
    assert!(page.contains("<h3>A &amp; B</h3>") && page.contains("In logs/&lt;x&gt;, from 0 events"), "{page}");
}

#[test]
fn csv_guards_against_formulas() {
    let csv = text(|out| findings::csv(&[finding("=cmd|' /C calc'!A0"), finding("a, \"b\"")], out));
    assert!(csv.starts_with("first,last,level,") && csv.lines().count() == 3, "{csv}");
    assert!(csv.contains(",'=cmd|' /C calc'!A0,") && csv.contains(",\"a, \"\"b\"\"\","), "{csv}");
}

#[test]
fn junit_escapes_what_xml_cannot_hold() {
    let check = Check {
        test: "one".to_owned(),
        behaviour: None,
        dialect: None,
        is_signal: false,
        what: "finds \"1\" event".to_owned(),
        outcome: Outcome::Failed(vec!["a < b\u{0}".to_owned()]),
        notes: Vec::new(),
    };
    let proof = Proof { package: "T1000".to_owned(), title: String::new(), checks: vec![check] };
    let xml = text(|out| proofs::junit(std::slice::from_ref(&proof), out));
    let failure = "<failure message=\"a &lt; b\u{FFFD}\">a &lt; b\u{FFFD}</failure>";
    assert!(xml.contains(failure) && xml.contains("name=\"one: finds &quot;1&quot; event\""), "{xml}");
    assert!(xml.contains("<testsuites name=\"mynah\" tests=\"1\" failures=\"1\">"), "{xml}");
    assert!(text(|out| proofs::tap(&[proof], out)).contains("not ok 1 - T1000: one: finds"));
}

/// Control characters, bidirectional overrides and formulas, wherever a finding has a text.
#[test]
fn nothing_of_a_log_acts_in_any_format() {
    let hostile = "=\u{1b}]0;x\u{7}\u{202e}fdp\u{9b}2J\u{2066}";
    let mut finding = finding(hostile);
    finding.users.insert(hostile.to_owned());
    finding.hosts.insert(format!("@{hostile}"));
    let all = [finding];
    let acts = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for written in [
        text(|out| findings::ndjson(&all, out)),
        text(|out| findings::ocsf(&all, out)),
        text(|out| findings::csv(&all, out)),
        html(&all, hostile),
    ] {
        assert!(!written.contains(acts), "{written:?}");
    }
    let csv = text(|out| findings::csv(&all, out));
    assert!(csv.contains(",'=") && csv.contains(",'@"), "{csv}");
    // Formats of programs lose nothing.
    let object: serde_json::Value = serde_json::from_str(text(|out| findings::ndjson(&all, out)).trim()).unwrap();
    assert_eq!(object["users"][0], hostile);
}
