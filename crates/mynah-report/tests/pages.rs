//! Pages of findings and of comparisons: what they hold, and that they need nothing from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_detection::{Catalog, Comparison, Disagreement, EventRef, Evidence, Finding, Package, Reason, Side, attack};
use mynah_dialect::{Token, TokenKind};
use mynah_event::{Dialect, EventId, Timestamp};
use mynah_report::{comparison, findings};
use mynah_syntax::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

fn text(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn catalog() -> Catalog {
    Catalog::built_in().unwrap()
}

fn event(minute: i64, raw: &str) -> EventRef {
    EventRef {
        source: "aws.cloudtrail".to_owned(),
        file: "logs/trail.json".to_owned(),
        record: minute.unsigned_abs() + 1,
        time: Some(Timestamp::from_milliseconds(1_772_438_400_000 + minute * 60_000)),
        raw: Some(raw.to_owned()),
        id: EventId::new(0, minute.unsigned_abs() + 1).unwrap(),
    }
}

/// A finding of a package with one event a minute.
fn finding(package: &Package, host: &str, events: i64) -> Finding {
    let events: Vec<EventRef> = (0..events)
        .map(|minute| event(minute, r#"{"eventName":"StopLogging","userIdentity":{"type":"Root"}}"#))
        .collect();
    Finding {
        detection: package.name.clone(),
        id: package.manifest.id.clone(),
        title: package.manifest.title.clone(),
        about: Arc::new(mynah_detection::About::of(package)),
        tactics: package.tactics(),
        techniques: package.techniques(),
        level: package.manifest.level,
        confidence: package.manifest.confidence,
        users: BTreeSet::from(["mallory".to_owned()]),
        addresses: BTreeSet::new(),
        hosts: BTreeSet::from([host.to_owned()]),
        processes: BTreeSet::new(),
        what: BTreeSet::from(["StopLogging".to_owned()]),
        first: events.first().and_then(|event| event.time),
        last: events.last().and_then(|event| event.time),
        events,
        versions: BTreeSet::from([Dialect::Spl]),
    }
}

fn first_word(text: &str, _: Dialect) -> Vec<Token> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    vec![Token { span: Span::new(0, end), kind: TokenKind::Keyword }]
}

fn page(all: &[Finding], evidence: &[Evidence], packages: &[Package]) -> String {
    let chosen = findings::chosen(all);
    let events = findings::events_shown(chosen.len(), false);
    let page = findings::Page {
        findings: all,
        chosen: &chosen,
        evidence,
        events,
        packages,
        tokens: &first_word,
        data: "logs/",
        ran: "1 detection ran over 7 records",
    };
    text(|out| findings::html(&page, out))
}

/// What a page must not have: anything that is fetched.
fn fetches_nothing(page: &str) {
    for outside in ["src=\"http", "@import", "url(", "<link ", "<iframe"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_page_has_all_parts() {
    let catalog = catalog();
    let package = catalog.find("T1059.009").unwrap();
    let all = [finding(package, "web-1", 5), finding(package, "web-2", 1)];
    let reason = Reason {
        dialect: Dialect::Spl,
        line: 7,
        text: "eventName=StopLogging".to_owned(),
        condition: "eventName=StopLogging".to_owned(),
        fields: vec![("eventName".to_owned(), Some("StopLogging".to_owned())), ("errorCode".to_owned(), None)],
    };
    let evidence = Evidence { reasons: vec![reason], paths: BTreeSet::from(["eventName".to_owned()]) };
    let page = page(&all, &[evidence], catalog.packages());
    fetches_nothing(&page);
    for part in [
        "2 findings",
        "logs/, from 5 events",
        "<svg class=\"histogram\"",
        "Command and Scripting Interpreter: Cloud API",
        "<th scope=\"row\">web-2</th>",
        "data-hosts=\"web-1\"",
        "line 7:</span> <code>eventName=StopLogging</code>",
        "eventName is <mark>StopLogging</mark>, errorCode has no value",
        "<b>&quot;eventName&quot;</b>:<mark>&quot;StopLogging&quot;</mark>",
        "Query: spl",
        "<span class=\"line\"><span class=\"tk\">",
        "How to respond",
        "And 2 more events.",
        "default-src &apos;none&apos;",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // What a rule says of itself is there once, however much it found.
    assert_eq!(page.matches("Query: spl").count(), 1);
}

#[test]
fn a_page_of_nothing_says_so() {
    let page = page(&[], &[], &[]);
    assert!(
        page.contains("<h1>0 findings</h1>")
            && page.contains("1 detection ran over 7 records.")
            && !page.contains("id=\"findings\""),
        "{page}"
    );
    fetches_nothing(&page);
}

#[test]
fn a_page_of_very_many_findings_is_bounded_and_says_so() {
    let catalog = catalog();
    let package = catalog.find("T1059.009").unwrap();
    let all: Vec<Finding> = (0..20_000).map(|number| finding(package, &format!("host-{number}"), 1)).collect();
    let page = page(&all, &[], catalog.packages());
    assert_eq!(page.matches("<details class=\"finding").count(), 1_000);
    assert!(page.contains("1000 of 20000 findings are here") && page.contains("19975 hosts"), "{}", page.len());
    assert!(page.len() < 4 << 20, "{}", page.len());
}

#[test]
fn a_comparison_shows_what_decided_beside_the_queries() {
    let catalog = catalog();
    let package = catalog.find("T1059.009").unwrap();
    let side = |dialect, found| Side {
        dialect,
        found,
        incomplete: false,
        clause: Some((2, "the line".to_owned())),
        condition: Some("eventName=\"Stop<Logging\"".to_owned()),
        fields: vec![("eventName".to_owned(), Some("StopLogging\u{1b}".to_owned()))],
    };
    let compared = Comparison {
        versions: vec![(Dialect::Aql, 1), (Dialect::Spl, 0)],
        common: 3,
        disagreements: vec![Disagreement {
            found_by: BTreeSet::from([Dialect::Aql]),
            missed_by: BTreeSet::from([Dialect::Spl]),
            what: Some("StopLogging".to_owned()),
            events: vec![event(0, "")],
            sides: vec![side(Dialect::Aql, true), side(Dialect::Spl, false)],
        }],
        refused: Vec::new(),
    };
    let page = text(|out| comparison::html(package, &compared, "logs/", &first_word, out));
    fetches_nothing(&page);
    for part in [
        "1 event only in aql, not in spl",
        "<code>eventName=&quot;Stop&lt;Logging&quot;</code>",
        "eventName is <mark>StopLogging\u{fffd}</mark>",
        "logs/trail.json, record 1",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Only the version that missed the event has a line that stopped it.
    assert_eq!(page.matches("class=\"line marked\"").count(), 1);
    let lines = text(|out| comparison::ndjson(&package.name, &compared, out));
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["common"], &lines[1]["sides"][1]["line"]), (2, &3.into(), &2.into()));
}

#[test]
fn names_of_techniques_have_their_parents() {
    assert_eq!(attack::full_name("T1059.009").as_deref(), Some("Command and Scripting Interpreter: Cloud API"));
}
