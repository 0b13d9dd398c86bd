//! Tests of what the functions and the rules say of themselves.
use crate::ast::quote;
use crate::operators::OPERATORS;
use crate::{Eql, functions, lint};
use mynah_dialect::{Frontend, Meaning, Mode, PlanContext, Planned, Site, Stages, TokenKind, failed_examples};
use mynah_event::Platform;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;

/// An event that has nothing but a time.
const EVENT: &str = "{\"@timestamp\":\"2026-03-14T12:00:00Z\",\"ecs\":{\"version\":\"8.17.0\"}}\n";

fn with_context<T>(mode: Mode, run: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    let view = Catalog::built_in().unwrap().platform(Platform::Elastic).unwrap();
    run(&PlanContext { mode, view: &view, site: &Site::default(), stages: &Stages::without_data() })
}

fn planned(text: &str, mode: Mode) -> Planned {
    with_context(mode, |context| Eql.plan(text, context))
}

/// Whether a condition holds for [`EVENT`].
fn holds(condition: &str) -> bool {
    let value = mynah_golden::first_value(&Eql, EVENT, &format!("any where {condition}"));
    assert!(!value.starts_with("error"), "{condition}: {value}");
    value != "no row"
}

#[test]
fn functions_and_operators_give_what_their_examples_say() {
    for example in functions::FUNCTIONS.docs().flat_map(|doc| doc.examples) {
        let condition = match example.result {
            "null" => format!("{} == null", example.query),
            result => format!("string({}) == {}", example.query, quote(result)),
        };
        assert!(holds(&condition), "{condition}");
    }
    let failed = failed_examples(&OPERATORS, |example| holds(example).to_string());
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_smallest_conditions_are_marked() {
    let text = "process where process.name : \"a*\" and not (process.pid == 1 or user.name != null)";
    let planned = planned(text, Mode::Run);
    let plan = planned.plan.unwrap();
    let marks: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(marks, ["process", "process.name : \"a*\"", "process.pid == 1", "user.name != null"]);
}

#[test]
fn an_editor_sees_a_broken_query() {
    let text = "sequence by host.id [process where lenght(process.name) > 3] /* x */ [file were] | head 1";
    let analysis = with_context(Mode::Check, |context| Eql.analyse(text, context));
    assert!(analysis.diagnostics.iter().any(Diagnostic::is_error));
    let kind =
        |wanted: &str| analysis.tokens.iter().find(|token| token.span.of(text) == wanted).map(|token| token.kind);
    assert_eq!(kind("sequence"), Some(TokenKind::Keyword));
    assert_eq!(kind("lenght"), Some(TokenKind::Function));
    assert_eq!(kind("/* x */"), Some(TokenKind::Comment));
    assert_eq!(kind("head"), Some(TokenKind::Keyword));
    assert_eq!(kind("3"), Some(TokenKind::Number));
    let labels: Vec<&str> = analysis.outline[0].children.iter().map(|part| part.label.as_str()).collect();
    assert_eq!((analysis.outline[0].label.as_str(), labels), ("sequence", vec!["process"]));
    let meaning =
        |wanted: &str| analysis.names.iter().find(|name| name.span.of(text) == wanted).map(|name| &name.meaning);
    assert!(matches!(meaning("process.name"), Some(Meaning::Field { .. })));
    assert!(matches!(meaning("lenght"), Some(Meaning::Unknown)));
    let offered = |text: &str| {
        let found = with_context(Mode::Check, |context| Eql.complete(text, text.len(), context));
        found.into_iter().map(|completion| completion.text).collect::<Vec<_>>()
    };
    assert_eq!(offered("seq"), ["sequence"]);
    assert_eq!(offered("process wh"), ["where"]);
    assert!(offered("process where process.na").contains(&"process.name".to_owned()));
    assert!(offered("process where startsW").contains(&"startsWith".to_owned()));
    assert_eq!(offered("any where true | t"), ["tail"]);
    assert_eq!(offered("sequence with max"), ["maxspan"]);
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    let of = |diagnostics: &[Diagnostic], code| diagnostics.iter().filter(|said| said.code == code).count();
    for rule in lint::RULES.iter() {
        let bad = planned(rule.bad, Mode::Check).diagnostics;
        let found = bad.iter().find(|diagnostic| diagnostic.code == rule.code);
        assert_eq!(found.map(|found| found.severity), Some(rule.severity), "{}: {bad:?}", rule.code);
        let good = planned(rule.good, Mode::Check).diagnostics;
        assert_eq!(of(&good, rule.code), 0, "{}: {good:?}", rule.code);
        let Some(fix) = found.and_then(|found| found.fix.as_ref()) else { continue };
        let mut mended = rule.bad.to_owned();
        mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        let left = planned(&mended, Mode::Check).diagnostics;
        // One fix may leave another fault of the same kind in the text, but one less.
        assert!(of(&left, rule.code) < of(&bad, rule.code), "{mended}: {left:?}");
        assert!(!left.iter().any(Diagnostic::is_error), "{mended}: {left:?}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    for text in [
        format!("any where {}true{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("any where {}true", "not ".repeat(100_000)),
        format!("any where {}1 == 1", "-".repeat(100_000)),
        format!("any where {}1{} == 1", "add(1, ".repeat(100_000), ")".repeat(100_000)),
        format!("any where 1{} == 1", " + 1".repeat(100_000)),
        format!("any where {}", "[".repeat(100_000)),
    ] {
        let diagnostics = planned(&text, Mode::Check).diagnostics;
        assert!(diagnostics.iter().any(Diagnostic::is_error));
    }
    // As deep as it may be, and as long as it likes.
    let deep = format!("any where {}true{}", "(not ".repeat(90), ")".repeat(90));
    assert!(planned(&deep, Mode::Run).plan.is_some());
    let long = format!("any where true{}", " or process.pid == 1".repeat(5_000));
    assert!(planned(&long, Mode::Run).plan.is_some());
    let longer = format!("any where true{}", " and process.pid != 1".repeat(20_000));
    assert!(planned(&longer, Mode::Run).diagnostics.iter().any(Diagnostic::is_error));
}
