//! Files with several Sigma rules, of which some are refused or have no logs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{mynah_with_input, repository};

fn rule(title: &str, event: &str, condition: &str) -> String {
    format!(
        "title: {title}\nlogsource:\n    product: aws\n    service: cloudtrail\ndetection:\n    s:\n        eventName: {event}\n    condition: {condition}\n"
    )
}

fn run(stream: &str, more: &[&str]) -> support::Run {
    let logs = repository("examples/logs/cloudtrail.json");
    mynah_with_input(&[&["run", "-", "-l", "sigma", "-d", &logs], more].concat(), stream)
}

#[test]
fn a_refused_rule_stops_no_other() {
    let stream = [rule("A", "StopLogging", "s"), rule("B", "CreateUser", "t"), rule("C", "CreateUser", "s")];
    let ran = run(&stream.join("---\n"), &[]);
    assert_eq!(ran.status, 2);
    let mut titles: Vec<&str> = ran.stdout.lines().map(|line| line.split('"').nth(3).unwrap_or_default()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["A", "C"]);
    assert!(ran.stderr.contains("unknown-selection") && ran.stderr.contains("-:17:"), "{}", ran.stderr);
    assert_eq!(run(&rule("B", "CreateUser", "t"), &[]).status, 2);
}

#[test]
fn a_filter_that_is_refused_stops_what_it_would_narrow() {
    let filter = "title: F\nlogsource:\n    product: aws\nfilter:\n    rules: any\n    s:\n        awsRegion: x\n    condition: nothing\n";
    let ran = run(&format!("{}---\n{filter}", rule("A", "StopLogging", "s")), &[]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
}

#[test]
fn of_many_rules_it_is_said_that_no_event_is_of_their_log_source() {
    let said = |services: [&str; 2]| {
        let rules = (0..8).map(|number| {
            let service = format!("service: {}", services[number % 2]);
            rule(&number.to_string(), "StopLogging", "s")
                .replace("product: aws", "product: windows")
                .replace("service: cloudtrail", &service)
        });
        run(&rules.collect::<Vec<_>>().join("---\n"), &[]).stderr
    };
    let one = said(["security", "security"]);
    assert!(one.contains("events is of the log source `product: windows, service: security`"), "{one}");
    let two = said(["security", "system"]);
    assert!(two.contains("events is of any log source that the rules are for"), "{two}");
}
