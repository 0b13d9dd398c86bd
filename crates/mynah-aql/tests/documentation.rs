//! What rules and functions say of themselves holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_aql::Aql;
use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_event::Platform;
use mynah_view::Catalog;

/// A sign-in to the AWS console: what the examples of the functions are evaluated over.
const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"},"eventTime":"2026-03-14T11:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","responseElements":{"ConsoleLogin":"Success"},"eventID":"6d1f7a52-0000-4000-8000-000000000001","eventType":"AwsConsoleSignIn","recipientAccountId":"111122223333"}"#;

#[test]
fn examples_of_functions() {
    let mut failures = Vec::new();
    for function in Aql.functions() {
        for example in function.examples {
            let query = format!("SELECT {} AS value FROM events", example.query);
            let got = mynah_golden::first_value(&Aql, &format!("{RECORD}\n"), &query);
            if got != example.result {
                failures.push(format!("{}: {} gives {got}, not {}", function.name, example.query, example.result));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn examples_of_rules() {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Qradar).unwrap();
    let site = Site::default();
    let context = PlanContext {
        mode: Mode::Check,
        view: &view,
        site: &site,
        stages: &Stages::without_data(),
        now: &mynah_event::Timestamp::wall,
    };
    for rule in Aql.rules() {
        let bad = Aql.plan(rule.bad, &context).diagnostics;
        let raised = bad.iter().find(|d| d.code == rule.code);
        let raised = raised.unwrap_or_else(|| panic!("{} is not raised by {}: {bad:?}", rule.code, rule.bad));
        assert_eq!(raised.severity, rule.severity, "{}", rule.code);
        let good = Aql.plan(rule.good, &context).diagnostics;
        assert!(
            good.iter().all(|d| d.code != rule.code && !d.is_error()),
            "{} is raised by {}: {good:?}",
            rule.code,
            rule.good
        );
        // What a fix makes of the bad query has the fault no more.
        if let Some(fix) = &raised.fix {
            let mut mended = rule.bad.to_owned();
            mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
            let after = Aql.plan(&mended, &context).diagnostics;
            assert!(after.iter().all(|d| d.code != rule.code && !d.is_error()), "{}: {mended}: {after:?}", rule.code);
        }
    }
}

#[test]
fn names_are_unique_and_pages_are_given() {
    let functions = Aql.functions();
    for (index, function) in functions.iter().enumerate() {
        assert!(function.page.starts_with("https://"), "{}", function.name);
        assert!(functions.iter().skip(index + 1).all(|other| other.name != function.name), "{}", function.name);
    }
}
