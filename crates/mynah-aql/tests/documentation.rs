//! What rules and functions say of themselves holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_aql::Aql;
use mynah_dialect::{Frontend, Meaning, Mode, PlanContext, Site, Stages, TokenKind, clock, failed_examples};
use mynah_event::Platform;
use mynah_view::Catalog;

/// A sign-in to the AWS console: what the examples of the functions are evaluated over.
const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice","accountId":"111122223333"},"eventTime":"2026-03-14T11:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","responseElements":{"ConsoleLogin":"Success"},"eventID":"6d1f7a52-0000-4000-8000-000000000001","eventType":"AwsConsoleSignIn","recipientAccountId":"111122223333"}"#;

#[test]
fn examples_of_functions() {
    let failed = failed_examples(Aql.functions(), |example| {
        let query = format!("SELECT {example} AS value FROM events");
        mynah_golden::first_value(&Aql, &format!("{RECORD}\n"), &query)
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn with_context<T>(run: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    let view = Catalog::built_in().unwrap().platform(Platform::Qradar).unwrap();
    let (site, stages) = (Site::default(), Stages::without_data());
    run(&PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages })
}

#[test]
fn clauses_are_the_smallest_conditions() {
    let text = "SELECT username FROM events WHERE username LIKE 'a%' AND NOT (qid = 1 OR INCIDR('10.0.0.0/8', sourceip)) LAST 2 HOURS";
    let planned = with_context(|context| Aql.plan(text, context));
    let plan = planned.plan.unwrap();
    let clauses: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(clauses, ["username LIKE 'a%'", "qid = 1", "INCIDR('10.0.0.0/8', sourceip)", "LAST 2 HOURS"]);
}

#[test]
fn the_clock_is_left_open_until_the_plan_runs() {
    for (text, asked) in [
        ("SELECT username FROM events LAST 2 HOURS", true),
        ("SELECT username FROM events START '1 hour ago' STOP NOW() - 60000", true),
        ("SELECT username FROM events START '2026-03-14 12:00' STOP 1773489600000", false),
        ("SELECT PARSEDATETIME(username) AS t, NOW() AS n FROM events", true),
    ] {
        let plan = with_context(|context| Aql.plan(text, context)).plan.unwrap();
        assert_eq!(clock::is_asked(plan.first()), asked, "{text}");
    }
}

#[test]
fn an_editor_sees_a_broken_query() {
    let text =
        "SELECT username, COUNT(*) AS n FROM events WHERE (qid = AND username LIKE 'x' -- why\nGROUP BY username";
    let analysis = with_context(|context| Aql.analyse(text, context));
    assert!(analysis.diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
    let kind =
        |wanted: &str| analysis.tokens.iter().find(|token| token.span.of(text) == wanted).map(|token| token.kind);
    for (word, expected) in [
        ("SELECT", TokenKind::Keyword),
        ("username", TokenKind::Field),
        ("COUNT", TokenKind::Function),
        ("events", TokenKind::Keyword),
        ("=", TokenKind::Operator),
        ("'x'", TokenKind::Text),
        ("-- why", TokenKind::Comment),
        ("(", TokenKind::Punctuation),
    ] {
        assert_eq!(kind(word), Some(expected), "{word}");
    }
    let labels: Vec<&str> = analysis.outline[0].children.iter().map(|part| part.label.as_str()).collect();
    assert_eq!((analysis.outline[0].label.as_str(), labels), ("SELECT", vec!["FROM", "WHERE", "GROUP BY"]));
    let meaning =
        |wanted: &str| analysis.names.iter().find(|name| name.span.of(text) == wanted).map(|name| &name.meaning);
    assert!(matches!(meaning("username"), Some(Meaning::Field { .. })));
    assert!(matches!(meaning("COUNT"), Some(Meaning::Function(doc)) if doc.name == "COUNT"));
}

#[test]
fn what_may_stand_at_a_place() {
    let offered = |text: &str| {
        let found = with_context(|context| Aql.complete(text, text.len(), context));
        found.into_iter().map(|completion| completion.text).collect::<Vec<_>>()
    };
    assert_eq!(offered("sel"), ["SELECT"]);
    assert!(offered("SELECT userna").contains(&"username".to_owned()));
    assert!(offered("SELECT COU").contains(&"COUNT".to_owned()));
    assert_eq!(offered("SELECT username FROM e"), ["events"]);
    assert_eq!(offered("SELECT username FROM events WH"), ["WHERE"]);
    assert_eq!(offered("SELECT username FROM events WHERE username IL"), ["ILIKE"]);
    assert_eq!(offered("SELECT username FROM events LAST 5 M"), ["MINUTES"]);
}

#[test]
fn examples_of_rules() {
    for rule in Aql.rules() {
        let bad = with_context(|context| Aql.plan(rule.bad, context)).diagnostics;
        let raised = bad.iter().find(|d| d.code == rule.code);
        let raised = raised.unwrap_or_else(|| panic!("{} is not raised by {}: {bad:?}", rule.code, rule.bad));
        assert_eq!(raised.severity, rule.severity, "{}", rule.code);
        let good = with_context(|context| Aql.plan(rule.good, context)).diagnostics;
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
            let after = with_context(|context| Aql.plan(&mended, context)).diagnostics;
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
